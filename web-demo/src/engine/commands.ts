/** @file What the page can have done. Mirrors `core/src/app/command.rs`; the page imports it from `contract.ts`. */
import type {
  AbsenceKind,
  AttendanceEvent,
  Contacts,
  GroupSymbol,
  Letter,
  MediaTarget,
  RecoverySheet,
  Relation,
} from './views';

/** With `proposal`: nothing is done yet; another director has to agree. */
export interface Proposed {
  readonly proposal?: string;
}

/** They resolve when stored on this device, i.e. safe; sending goes on by itself. */
export interface Commands {
  create_group: {
    readonly args: { readonly name: string; readonly symbol: GroupSymbol };
    readonly result: { readonly id: string };
  };
  create_child: {
    readonly args: { readonly name: string; readonly group: string };
    readonly result: { readonly id: string };
  };
  create_guardian: {
    /** Without `relation`: as parents usually are. */
    readonly args: { readonly name: string; readonly child: string; readonly relation?: Relation };
    readonly result: { readonly person: string };
  };
  /** A guardian of whom nobody but directors and the staff named ever learns. `contacts`: of this child, from now on, without them. */
  create_protected: {
    readonly args: {
      readonly name: string;
      readonly child: string;
      readonly relation?: Relation;
      readonly named: readonly string[];
      readonly contacts?: readonly Contacts[];
      readonly untimed?: boolean;
    };
    readonly result: { readonly person: string };
  };
  /** An existing guardian also of a sibling. */
  add_guardian_to_child: {
    readonly args: { readonly person: string; readonly child: string; readonly relation?: Relation };
    readonly result: Record<string, never>;
  };
  /** Which circles they read follows. */
  set_guardian: {
    readonly args: { readonly person: string; readonly child: string; readonly relation: Relation };
    readonly result: Record<string, never>;
  };
  /**
   * Nobody but directors and the staff named is to learn of a guardian; or no longer so. `contacts`: from now on, without them. `untimed`:
   * when their children come and leave is not written down any more.
   */
  protect_guardian: {
    readonly args: {
      readonly person: string;
      readonly child: string;
      readonly named: readonly string[];
      readonly on: boolean;
      readonly contacts?: readonly Contacts[];
      readonly untimed?: boolean;
    };
    readonly result: Record<string, never>;
  };
  /** `answer`: what the new device answered when it was told whose it is to be. */
  add_device: { readonly args: { readonly answer: string }; readonly result: Record<string, never> };
  /** Whoever comes later reads this circle from now on only. */
  horizon: { readonly args: { readonly circle: string | null }; readonly result: Record<string, never> };
  /** A circle of named persons; directors only if they are named. */
  create_guarded: {
    readonly args: { readonly name: string; readonly members: readonly string[] };
    readonly result: { readonly id: string };
  };
  create_council: {
    readonly args: { readonly members: readonly string[] };
    readonly result: { readonly id: string };
  };
  /** Outsiders may write by a public link. Where they may already, the links of before end. */
  create_intake: { readonly args: Record<string, never>; readonly result: Record<string, never> };
  close_intake: { readonly args: Record<string, never>; readonly result: Record<string, never> };
  /** Somebody of the staff sees to it. */
  take_inquiry: { readonly args: { readonly inquiry: string }; readonly result: Record<string, never> };
  /** It goes from the house's devices; at the relay, with its month. */
  delete_inquiry: { readonly args: { readonly inquiry: string }; readonly result: Record<string, never> };
  move_child: {
    readonly args: { readonly child: string; readonly group: string };
    readonly result: Record<string, never>;
  };
  child_leaves: { readonly args: { readonly child: string }; readonly result: Record<string, never> };
  /** A director goes only when two agree: `sheet` is the recovery sheet's code. Without it, it is proposed to another director. */
  remove_person: { readonly args: { readonly person: string; readonly sheet?: string }; readonly result: Proposed };
  /** On a later day; see `plans`. What makes something new on that day is `not_plannable`. */
  plan_guardian: {
    readonly args: {
      readonly person: string;
      readonly child: string;
      readonly relation: Relation;
      readonly day: string;
    };
    readonly result: { readonly id: string };
  };
  plan_move: {
    readonly args: { readonly child: string; readonly group: string; readonly day: string };
    readonly result: { readonly id: string };
  };
  plan_leave: {
    readonly args: { readonly child: string; readonly day: string };
    readonly result: { readonly id: string };
  };
  /** Of a director: as `remove_person`, and when two have agreed, it is a plan. */
  plan_end: {
    readonly args: { readonly person: string; readonly day: string; readonly sheet?: string };
    readonly result: Proposed & { readonly id?: string };
  };
  cancel_plan: { readonly args: { readonly plan: string }; readonly result: Record<string, never> };
  /** Another director's proposal: it is done. */
  agree: { readonly args: { readonly proposal: string }; readonly result: Record<string, never> };
  /** Another one's, or one's own: it is not to be. */
  decline: { readonly args: { readonly proposal: string }; readonly result: Record<string, never> };
  /**
   * The house goes on where its relay has a copy of it (`relay_moved`, `relay_restored`). It takes two, as above: the relay
   * shows it to the other directors. If one says so already, this agrees. `origin`: where it is reached from now on, if that
   * changes.
   */
  confirm_move: { readonly args: { readonly origin?: string; readonly sheet?: string }; readonly result: Proposed };
  /** The house is over. It takes two: `sheet` is the recovery sheet's code. Every writing command is then `dissolved`. */
  dissolve_house: { readonly args: { readonly sheet?: string }; readonly result: Proposed };
  readmit_person: { readonly args: { readonly person: string }; readonly result: Record<string, never> };
  /** It empties its storage when it hears of it. Another director's takes two, as above. */
  end_device: {
    readonly args: { readonly device: string; readonly sheet?: string };
    readonly result: Proposed;
  };
  create_staff: {
    readonly args: {
      readonly name: string;
      readonly role: 'educator' | 'director' | 'place';
      readonly groups: readonly string[];
      /** The last day of a substitute: a plan ends their role after it. Not for directors. */
      readonly until?: string;
    };
    readonly result: { readonly person: string };
  };
  /** A letter for what lies behind the PINs of a group's tablet. What was there before ends. */
  grant_pin: { readonly args: { readonly place: string; readonly validDays: number }; readonly result: Letter };
  /** A group's tablet is gone: everything on it ends. */
  end_place: { readonly args: { readonly place: string }; readonly result: Record<string, never> };
  /** What the day needs to know of a child: 80 characters on allergies, 300 on whom to call. Its guardians read it. */
  set_care: {
    readonly args: {
      readonly child: string;
      readonly allergies: string;
      readonly contacts: string;
      readonly untimed: boolean;
    };
    readonly result: Record<string, never>;
  };
  /** One tap. Again: nothing. */
  attend: {
    readonly args: { readonly child: string; readonly day: string; readonly event: AttendanceEvent };
    readonly result: { readonly id: string } | Record<string, never>;
  };
  create_invite: { readonly args: { readonly person: string; readonly validDays: number }; readonly result: Letter };
  /** A code for another device of one's own, valid for a day; makes the person's open letters void. */
  pair_device: { readonly args: { readonly name: string }; readonly result: Letter };
  /**
   * A recovery sheet of this person to print; from the house's that was typed in (the host does that, and no page) one of the house.
   * It is worth nothing yet, and kept nowhere.
   */
  draw_sheet: { readonly args: Record<string, never>; readonly result: RecoverySheet };
  /** It is printed: once the relay has that, it counts and those of before are void. `id`: the device that it is. */
  renew_sheet: { readonly args: { readonly code: string }; readonly result: { readonly id: string } };
  /** What one calls a device of one's own. Told to nobody but one's other devices. */
  name_device: {
    readonly args: { readonly device: string; readonly name: string };
    readonly result: Record<string, never>;
  };
  revoke_invite: { readonly args: { readonly invite: string }; readonly result: Record<string, never> };
  confirm_join: { readonly args: { readonly join: string }; readonly result: Record<string, never> };
  decline_join: { readonly args: { readonly join: string }; readonly result: Record<string, never> };
  update_house: {
    readonly args: { readonly name: string; readonly helpLine: string; readonly notice: string };
    readonly result: Record<string, never>;
  };
  post_bulletin: {
    readonly args: {
      readonly group: string | null;
      readonly title: string;
      readonly body: string;
      /** The set of pictures and files that goes with it. */
      readonly set?: string;
    };
    readonly result: { readonly id: string };
  };
  /** To everybody who reads the circle of a child, or of the staff. */
  post_note: {
    readonly args: { readonly circle: string; readonly title: string; readonly body: string };
    readonly result: { readonly id: string };
  };
  /** Takes back a bulletin, a note or a message: every device shows it no longer. */
  remove_item: { readonly args: { readonly item: string }; readonly result: Record<string, never> };
  /** Somebody else's: goes for good once two of the staff want it, one of them a director. */
  erase_item: { readonly args: { readonly item: string }; readonly result: Record<string, never> };
  /** For directors: nobody is shown it, and nobody erases it, until that ends. */
  restrict_item: {
    readonly args: { readonly item: string; readonly on: boolean };
    readonly result: Record<string, never>;
  };
  send_message: {
    /** `text` may be empty where there is a `set`. */
    readonly args: { readonly thread: string; readonly text: string; readonly set?: string };
    readonly result: { readonly id: string };
  };
  report_absence: {
    readonly args: {
      readonly child: string;
      readonly kind: AbsenceKind;
      readonly from: string;
      readonly to: string;
      readonly note: string;
    };
    readonly result: { readonly id: string };
  };
  withdraw_absence: { readonly args: { readonly absence: string }; readonly result: Record<string, never> };
  /** The person has seen these items on screen; staff's marks become "seen by the house". */
  mark_seen: { readonly args: { readonly items: readonly string[] }; readonly result: Record<string, never> };
  /** Says what is to be seen on a picture, now or later; its author's side only. */
  describe_picture: {
    readonly args: { readonly id: string; readonly alt: string };
    readonly result: Record<string, never>;
  };
  /** Also for somebody else: a group or a child's guardians. Staff only. */
  share_picture: {
    readonly args: { readonly id: string; readonly to: MediaTarget };
    readonly result: Record<string, never>;
  };
  /** Takes a picture or file back: whatever is on its way stops, what was sent is deleted at the relay and on every device. */
  remove_media: { readonly args: { readonly id: string }; readonly result: Record<string, never> };
  /** What was set aside goes on from where it was, if something of it is still here. */
  retry_media: { readonly args: { readonly id: string }; readonly result: Record<string, never> };
  /** Stops sending pictures and files, or goes on. */
  pause_media: { readonly args: { readonly paused: boolean }; readonly result: Record<string, never> };
  /** What the relay did not take is offered to it again, at once. */
  retry_unsent: { readonly args: Record<string, never>; readonly result: Record<string, never> };
  /** What came to nothing has been read. */
  forget_overtaken: { readonly args: { readonly id: number }; readonly result: Record<string, never> };
  /** The sheet again, while it has not been confirmed as printed; `not_found` afterwards. */
  recovery_sheet: { readonly args: Record<string, never>; readonly result: RecoverySheet };
  /** It is put away. Of one's own that another device printed: it is known here, too. */
  confirm_sheet_printed: { readonly args: Record<string, never>; readonly result: Record<string, never> };
}
