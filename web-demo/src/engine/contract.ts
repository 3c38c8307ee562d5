/**
 * @file What the page and the engine say to each other. Mirrors `core/src/app/` (commands in, views out): the core decides,
 * the page shows. Ids are lower-case hex, times are milliseconds since 1970 (claims, never decisions), days are
 * `YYYY-MM-DD` in the house's civil calendar.
 */

/** Where an item is, in words a parent understands. `house`: somebody of the house (or, for house items, a family) has seen it. */
export type ItemState = 'local' | 'relay' | 'house';

export type Role = 'director' | 'educator' | 'guardian' | 'place';

/** One house this device belongs to, or is about to. `slot` is local to this device. */
export interface House {
  readonly slot: string;
  readonly name: string;
  /** Four groups of four characters, as printed on the letter. */
  readonly fingerprint: string;
  readonly role: Role;
  /** `joining`: the code was accepted, the house has yet to confirm. `ended`: no longer ours. */
  readonly stage: 'joining' | 'member' | 'ended';
  readonly link: 'offline' | 'connecting' | 'online';
  /** How many items exist only on this device, pictures and files included. */
  readonly waiting: number;
  /** Pictures and files of this device on their way; `paused`: the person stopped them. `failed`: set aside, with a reason each. */
  readonly media: { readonly queued: number; readonly failed: number; readonly paused: boolean };
  /** The house is over: nothing is written any more, and the relay deletes it later. */
  readonly dissolved?: boolean;
  readonly alarms: readonly Alarm[];
  /** While joining: the six groups of three digits to compare at the door. */
  readonly digits?: readonly string[];
  /** While joining: what another device of the same person calls this one; it confirms. */
  readonly deviceName?: string;
  /** Of a group's tablet: its open part, or the one behind personal PINs. */
  readonly place?: 'open' | 'pin';
  /** Of an open part: what this tablet knows of the other. */
  readonly pins?: PinState;
  readonly me: { readonly person: string; readonly name: string };
  readonly helpLine: string;
  readonly notice: string;
}

/** What lies behind the PINs of a group's tablet. Only while somebody is at it there is a house of that slot. */
export interface PinState {
  /** Who set a PIN here. */
  readonly people: readonly string[];
  /** Wrong ones that are left, whoever's. */
  readonly triesLeft: number;
  readonly waitUntil?: number;
  /** What was written behind them and is not sent. */
  readonly waiting: number;
  /** Too long without the relay: nobody comes in before it answers. */
  readonly closed: boolean;
  /** While it is unlocked: its slot, and whose PIN it was. */
  readonly slot?: string;
  readonly by?: string;
  readonly openedAt?: number;
  /** What was there is gone: too many wrong PINs, or the house has ended it. */
  readonly dropped?: 'tries' | 'ended';
}

/** Something a person must know or can act on; `code` selects the sentence. */
export interface Alarm {
  readonly code:
    | 'sheet_missing'
    | 'one_director'
    | 'dissolved'
    | 'proposal'
    | 'overtaken'
    | 'device_copied'
    | 'relay_rewound'
    | 'relay_moved'
    | 'app_outdated'
    | 'storage_refused'
    | 'storage_full'
    | 'quota_full'
    | 'refused'
    | 'quarantined'
    | 'relay_garbage'
    | 'house_unknown'
    /** Another device of one's own without a name here: perhaps somebody else's. */
    | 'device_new'
    | 'other_tab';
  readonly count?: number;
}

export interface Group {
  readonly id: string;
  readonly name: string;
  readonly symbol: GroupSymbol;
  readonly childCount: number;
}
export type GroupSymbol = 'hedgehog' | 'squirrel' | 'owl' | 'fox' | 'snail' | 'ladybird' | 'bee' | 'frog';

export type AbsenceKind = 'sick' | 'away';
export interface Absence {
  readonly id: string;
  readonly child: string;
  readonly kind: AbsenceKind;
  readonly from: string;
  readonly to: string;
  /** Present only for whom it was written to: the house and its author. */
  readonly note?: string;
  readonly by: 'me' | 'other_guardian' | 'house';
  readonly byName?: string;
  readonly at: number;
  readonly state: ItemState;
  readonly withdrawn: boolean;
}

/** Whether a child is there on a day, and what says so: marks of different devices stand side by side. */
export interface Attendance {
  readonly presence: 'not_yet' | 'here' | 'left';
  /** `at` is absent where the house keeps no times for this child. */
  readonly marks: readonly { readonly event: AttendanceEvent; readonly at?: number; readonly state: ItemState }[];
}
/** `none`: the last of them was a mistake. */
export type AttendanceEvent = 'came' | 'left' | 'none';

/** A guardian's child, with today's answer first. */
export interface ChildCard {
  readonly id: string;
  readonly name: string;
  readonly group: Group | null;
  readonly today: readonly Absence[];
  readonly upcoming: readonly Absence[];
  readonly attendance: Attendance;
  readonly unread: number;
  /** The guardian is told nothing new about this child; what was there stays. */
  readonly ended: boolean;
}

/** For whom pictures and files are. */
export type MediaTarget =
  | { readonly group: string }
  | { readonly child: string }
  /** A private conversation. */
  | { readonly thread: string }
  /** The whole house; files only. */
  | { readonly house: true };

/** Why a picture or file was set aside; one sentence each. */
export type MediaFault =
  /** 0 bytes. */
  | 'empty'
  /** Larger than this app takes in. */
  | 'too_large'
  /** More pixels than a browser can be asked to decode. */
  | 'too_many_pixels'
  /** HEIC or TIFF, which this browser cannot decode: the text says what to do. */
  | 'format_unsupported'
  /** It says that it is a picture, and is not one: text, SVG, HTML, a program. */
  | 'not_a_picture'
  /** Damaged. */
  | 'undecodable'
  | 'not_a_pdf'
  /** This device has no room for it. */
  | 'storage_full'
  /** What was kept on this device is gone or damaged. */
  | 'lost'
  /** It was to be shared, and was taken back before. */
  | 'withdrawn'
  /** The relay does not take it. It is still here. */
  | 'refused'
  /** This device may not send there any more. It is still here. */
  | 'no_access';

/** Where a picture or file of this device is on its way; absent once the relay has it. */
export interface Transfer {
  /** `kept`: safe on this device. `ready`: without anything that it said about place and camera, sealed. `sent`: every byte is there. */
  readonly stage: 'kept' | 'ready' | 'sent' | 'failed';
  readonly fault?: MediaFault;
  /** What was set aside is still here: `retry_media`. */
  readonly mayRetry?: boolean;
  /** Name of the file it came from; on this device only, and only until it is sent. */
  readonly name?: string;
}

/** A picture. Its bytes come from `EngineClient.picture`. */
export interface Picture {
  readonly id: string;
  /** Pictures and files that were chosen together share it; so does the bulletin or message they belong to. */
  readonly set: string;
  /** In pixels, upright. 0 until it is prepared. */
  readonly width: number;
  readonly height: number;
  /** ThumbHash in hex, for the time before the picture itself is here; empty until it is prepared. */
  readonly hash: string;
  /** What is to be seen, for those who do not see it; may be empty. */
  readonly alt: string;
  readonly at: number;
  readonly author: string;
  readonly mine: boolean;
  readonly audience: 'group' | 'child' | 'thread';
  /** Names of the group or child. */
  readonly audienceName: string;
  /** Also shown to these, by name. */
  readonly sharedWith: readonly string[];
  readonly state: ItemState;
  readonly transfer?: Transfer;
  /** A guardian may keep pictures of their own child. */
  readonly mayDownload: boolean;
  /** Its author or a director may take it back. */
  readonly mayRemove: boolean;
  readonly mayShare: boolean;
}

/** An attachment: a PDF. Its bytes come from `EngineClient.file`. */
export interface Attachment {
  readonly id: string;
  readonly set: string;
  readonly name: string;
  readonly bytes: number;
  readonly at: number;
  readonly mine: boolean;
  readonly state: ItemState;
  readonly transfer?: Transfer;
  readonly mayRemove: boolean;
}

export interface Media {
  readonly pictures: readonly Picture[];
  readonly files: readonly Attachment[];
}

export interface Bulletin {
  readonly id: string;
  readonly media: Media;
  readonly title: string;
  readonly body: string;
  readonly audience: 'house' | 'group';
  readonly groupName?: string;
  readonly author: string;
  readonly mine: boolean;
  readonly at: number;
  readonly state: ItemState;
  readonly seenByFamilies?: number;
  readonly read: boolean;
}

export interface Message {
  readonly id: string;
  readonly media: Media;
  readonly text: string;
  readonly mine: boolean;
  readonly side: 'house' | 'guardian';
  readonly author: string;
  readonly at: number;
  readonly state: ItemState;
  readonly seenAt?: number;
  /** A sick note shown inside the thread. */
  readonly absence?: Absence;
}

/** One thread per guardian and child: nobody else can be added to it. */
export interface Thread {
  readonly id: string;
  readonly child: string;
  readonly childName: string;
  readonly guardianName: string;
  readonly groupName: string;
  readonly unread: number;
  /** Nobody at this device can write there (any more); what was there stays. */
  readonly ended: boolean;
  readonly last?: Message;
}

export interface ThreadDetail extends Thread {
  readonly messages: readonly Message[];
}

export interface DayChild {
  readonly id: string;
  readonly name: string;
  readonly status: 'expected' | 'sick' | 'away';
  readonly absences: readonly Absence[];
  readonly attendance: Attendance;
  /** The short line. */
  readonly allergies?: string;
}
/** Whose tablet this is. */
export interface PlaceView {
  readonly name: string;
  /** The person behind its PINs. */
  readonly pin?: string;
  readonly groups: readonly Group[];
  /** Who works there and may set a PIN. */
  readonly staff: readonly { readonly person: string; readonly name: string }[];
}
/** What the day needs to know of a child; its guardians read it, too. */
export interface EmergencyEntry {
  readonly id: string;
  readonly name: string;
  readonly allergies: string;
  /** Whom to call. */
  readonly contacts: string;
  /** When it comes and leaves is not written down. */
  readonly untimed: boolean;
}
export interface GroupDay {
  readonly day: string;
  readonly group: Group;
  readonly children: readonly DayChild[];
  readonly expected: number;
  readonly sick: number;
  readonly away: number;
}

export interface PersonEntry {
  readonly person: string;
  readonly name: string;
  readonly role: Role;
  readonly groups: readonly string[];
  readonly children: readonly { readonly id: string; readonly name: string }[];
  /** `none`: no invite yet. `invited`: letter out. `joining`: waits for confirmation. `member`. `ended`. */
  readonly stage: 'none' | 'invited' | 'joining' | 'member' | 'ended';
  readonly devices: number;
  readonly invite?: {
    readonly id: string;
    readonly validUntil: number;
    readonly stage: 'open' | 'used' | 'revoked' | 'expired';
  };
  /** Of a group's tablet: the person behind its PINs. */
  readonly pin?: PersonEntry;
}
export interface ChildEntry {
  readonly id: string;
  readonly name: string;
  readonly group: string;
  readonly guardians: readonly PersonEntry[];
}
/** What a guardian is to a child. */
export interface Relation {
  readonly custody: 'joint' | 'sole' | 'court' | 'foster' | 'none';
  readonly livesWith: boolean;
  /** They have a right to be told. */
  readonly information: boolean;
  /** They may collect the child. */
  readonly collect: boolean;
}
/** What a guardian sees. */
export interface Reach {
  /** The child: its notes, pictures, absences. */
  readonly child: boolean;
  /** The child's group. */
  readonly group: boolean;
  /** A thread of their own about the child. */
  readonly thread: boolean;
}
/** A guardian of a child, present or past. */
export interface Kin {
  readonly entry: PersonEntry;
  readonly relation: Relation;
  /** At present. */
  readonly reach: Reach;
  readonly protected: boolean;
}
export interface Family {
  /** The child has left the house. */
  readonly left: boolean;
  readonly guardians: readonly Kin[];
}
/** A circle with notes of its own: the whole team's, the elected parents', one of named persons, a child's guardians'. */
export interface Board {
  readonly id: string;
  readonly sort: 'staff' | 'council' | 'guarded' | 'child';
  /** A child's, or what a circle of named persons is called; may be empty. */
  readonly name: string;
  /** Of circles of named persons and the council. */
  readonly members: readonly { readonly person: string; readonly name: string; readonly role: Role }[];
  readonly mayWrite: boolean;
  /** The newest. */
  readonly last?: Note;
}
export interface Note {
  readonly id: string;
  readonly title: string;
  readonly body: string;
  readonly author: string;
  readonly mine: boolean;
  readonly at: number;
  readonly state: ItemState;
}
/** In the order in which they came. */
export interface DeviceEntry {
  readonly device: string;
  /** It is the one that shows this. */
  readonly this: boolean;
  /** It belongs no longer. */
  readonly ended: boolean;
  /** What this person calls it; of their own devices, where they have said so on this one. */
  readonly name?: string;
}
/** Somebody presented a code; the house compares the digits and confirms or declines. */
export interface PendingJoin {
  readonly id: string;
  readonly person: string;
  readonly device: string;
  readonly name: string;
  readonly role: Role;
  readonly childNames: readonly string[];
  readonly digits: readonly string[];
  /** When this device heard of it, where it knows: the house log has no dates. */
  readonly at?: number;
}

/** A letter is shown and printed once; its secret is not kept after the device has stored the invite. */
export interface Letter {
  readonly invite: string;
  readonly person: string;
  readonly personName: string;
  readonly childNames: readonly string[];
  readonly role: Role;
  readonly houseName: string;
  readonly fingerprint: string;
  /** Typed code in groups with a checksum, e.g. `K7QX-9M2A-…`. */
  readonly code: string;
  /** What the QR carries: `<origin>/#j=<house>.<code>`. */
  readonly link: string;
  /** SVG markup of the QR code, made in the core. */
  readonly qrSvg: string;
  readonly validUntil: number;
  readonly helpLine: string;
}
export interface RecoverySheet {
  readonly houseName: string;
  readonly fingerprint: string;
  readonly code: string;
  /** The house in full, for when no device is left that knows it. */
  readonly house: string;
  readonly qrSvg: string;
  readonly createdAt: number;
}

/** What a parent sees before confirming that they want to join. */
export interface InviteGreeting {
  readonly houseName: string;
  readonly fingerprint: string;
  readonly notice: string;
  readonly validUntil: number;
  readonly role: Role;
  /** For what lies behind the PINs of a group's tablet: it belongs on that tablet. */
  readonly pin: boolean;
  readonly helpLine: string;
  /** From another device of the same person: what this one is to be called. */
  readonly deviceName?: string;
}

/* ---------- queries: pure reads, answered at once, re-asked when `changed` names the house ---------- */
export interface Queries {
  parent_home: {
    readonly args: { readonly day: string };
    readonly result: {
      readonly children: readonly ChildCard[];
      readonly bulletins: readonly Bulletin[];
      /** The newest, at most 12. */
      readonly pictures: readonly Picture[];
    };
  };
  bulletins: { readonly args: Record<string, never>; readonly result: readonly Bulletin[] };
  /** Pictures for groups and children, newest first; those of one set stand together in the order in which they were chosen. */
  pictures: { readonly args: Record<string, never>; readonly result: readonly Picture[] };
  /** What this device is sending or has set aside, in the order of sending. */
  transfers: { readonly args: Record<string, never>; readonly result: Media };
  /** Notes in the circle of a child or of the staff, newest first. */
  notes: { readonly args: { readonly circle: string }; readonly result: readonly Note[] };
  /** What a guardian is to a child; for staff. */
  relation: { readonly args: { readonly person: string; readonly child: string }; readonly result: Relation };
  /** Everybody who is or was something to a child; for the team, of those who are and whom it may know. */
  family: { readonly args: { readonly child: string }; readonly result: Family };
  /** What a guardian would see if they were this to a child; for directors. */
  reach: {
    readonly args: { readonly person: string; readonly child: string; readonly relation: Relation };
    readonly result: Reach;
  };
  /** Circles with notes of their own that this device reads. */
  boards: { readonly args: Record<string, never>; readonly result: readonly Board[] };
  /** Devices of a person: one's own, or for a director anybody's. */
  devices: { readonly args: { readonly person: string }; readonly result: readonly DeviceEntry[] };
  threads: { readonly args: Record<string, never>; readonly result: readonly Thread[] };
  thread: { readonly args: { readonly id: string }; readonly result: ThreadDetail };
  absences: { readonly args: { readonly child: string }; readonly result: readonly Absence[] };
  groups: { readonly args: Record<string, never>; readonly result: readonly Group[] };
  group_day: { readonly args: { readonly group: string; readonly day: string }; readonly result: GroupDay };
  people: {
    readonly args: Record<string, never>;
    readonly result: { readonly staff: readonly PersonEntry[]; readonly children: readonly ChildEntry[] };
  };
  /** For directors: open ones first, in the order of their days; then those that are over, the latest first. */
  plans: { readonly args: Record<string, never>; readonly result: readonly PlanEntry[] };
  /** What waits for a second director, oldest first; for directors, but not for whom it is about. */
  proposals: { readonly args: Record<string, never>; readonly result: readonly ProposalEntry[] };
  /** What outsiders wrote and the link by which they do, newest first; for staff. */
  intake: { readonly args: Record<string, never>; readonly result: Intake };
  /** Which devices were let in during the last 30 days and by whom, latest first; for directors. */
  confirmed_lately: {
    readonly args: Record<string, never>;
    readonly result: readonly ConfirmedEntry[];
  };
  /** Who did what to whom during the last 90 days, latest first; for directors. */
  admin_log: { readonly args: Record<string, never>; readonly result: readonly AdminEntry[] };
  /** What this device could show of a relay that lied, or of a member that did not keep to the rules. */
  evidence: {
    readonly args: Record<string, never>;
    readonly result: {
      readonly cases: readonly EvidenceCase[];
      /** To save and hand on, hex: signatures, headers and ids, no names and no contents. Absent where there is nothing. */
      readonly file?: string;
    };
  };
  pending_joins: { readonly args: Record<string, never>; readonly result: readonly PendingJoin[] };
  /** The open part of a group's tablet asks about itself. */
  place: { readonly args: Record<string, never>; readonly result: PlaceView };
  /** Whom to call for the children of a group. */
  emergency_list: { readonly args: { readonly group: string }; readonly result: readonly EmergencyEntry[] };
  director_home: {
    readonly args: { readonly day: string };
    readonly result: {
      readonly joins: readonly PendingJoin[];
      readonly openInvites: number;
      readonly groups: readonly GroupDay[];
      readonly unread: readonly Thread[];
    };
  };
}

/** Planned for a day; whichever device of the house is there carries it out. */
export interface PlanEntry {
  readonly id: string;
  readonly what: 'guardian' | 'move' | 'leave' | 'end';
  readonly day: string;
  readonly person?: string;
  readonly personName?: string;
  readonly child?: string;
  readonly childName?: string;
  readonly group?: string;
  readonly groupName?: string;
  readonly relation?: Relation;
  /** Name of the director who planned it. */
  readonly by: string;
  readonly at: number;
  /** `due`: its day has come, and no device that can do it has been there. `failed` before its day: as things stand it cannot be done. */
  readonly stage: 'waiting' | 'due' | 'done' | 'withdrawn' | 'failed';
  /** Why it failed: an error's code. */
  readonly reason?: string;
}

/** What one director proposes and another one has to agree to. */
export interface ProposalEntry {
  readonly id: string;
  readonly what: 'remove_person' | 'end_device' | 'dissolve_house';
  readonly person?: string;
  readonly personName?: string;
  readonly device?: string;
  readonly by: string;
  /** Proposed by this person: somebody else has to agree. */
  readonly mine: boolean;
  readonly at: number;
}

/** What outsiders write to. */
export interface Intake {
  readonly open: boolean;
  /** The public link, while it is open. */
  readonly link?: string;
  readonly qrSvg?: string;
  readonly entries: readonly IntakeEntry[];
  /** How many that came do not open. */
  readonly unreadable: number;
}

/** What somebody outside wrote. All of it is what they say. */
export interface IntakeEntry {
  readonly id: string;
  readonly name: string;
  readonly contact: string;
  readonly text: string;
  readonly at: number;
  /** Who of the staff sees to it. */
  readonly takenBy?: string;
}

/** A device that was let in. */
export interface ConfirmedEntry {
  readonly person: string;
  readonly name: string;
  readonly role: Role;
  readonly children: readonly { readonly id: string; readonly name: string }[];
  readonly device: string;
  /** It belongs no longer. */
  readonly deviceEnded: boolean;
  /** Somebody compared the digits with them; another device of theirs; the recovery sheet. */
  readonly how: 'met' | 'own' | 'sheet';
  /** Who let it in; of a sheet nobody is known. */
  readonly byPerson?: string;
  readonly by: string;
  /** The device that let it in, or its person, was removed since: look at this again. */
  readonly byRemoved: boolean;
  /** As the one who let it in claimed. */
  readonly at?: number;
}

/**
 * Something that cannot be right. Proven: the relay signed two histories (`relay`), or a device signed what does not hold
 * (`device`). Of `relay_or_device` one of the two is wrong; the others are this device's word.
 */
export interface EvidenceCase {
  readonly what: 'relay' | 'relay_unproven' | 'relay_or_device' | 'unproven' | 'device';
  /** Whose device it is, where a device is concerned and known. */
  readonly person?: string;
  readonly personName?: string;
  readonly device?: string;
}

/** What was done to somebody. The log has no dates: only of some acts a time is known. */
export interface AdminEntry {
  /** Number in the log. */
  readonly seq: number;
  readonly what:
    | 'founded'
    | 'role_given'
    | 'role_ended'
    | 'invited'
    | 'invite_ended'
    | 'confirmed'
    | 'device_added'
    | 'device_ended'
    | 'group_made'
    | 'child_made'
    | 'guarded_made'
    | 'council_made'
    | 'thread_made'
    | 'thread_ended'
    | 'reads_child'
    | 'reads_child_ended'
    | 'in_group'
    | 'in_group_ended'
    | 'child_in_group'
    | 'child_in_group_ended'
    | 'in_guarded'
    | 'in_guarded_ended'
    | 'in_council'
    | 'in_council_ended'
    | 'protected'
    | 'protection_ended'
    | 'dissolved';
  /** Who decided it. Empty: with the recovery sheet. */
  readonly by: string;
  readonly byPerson?: string;
  /** Who signed as second. Empty in it: the recovery sheet. */
  readonly agreedBy: readonly string[];
  /** Of what was planned: who carried it out, if somebody else. */
  readonly carriedOutBy?: string;
  readonly person?: string;
  readonly personName?: string;
  /** Their present role, or the last. */
  readonly role?: Role;
  readonly device?: string;
  readonly child?: string;
  readonly childName?: string;
  readonly group?: string;
  readonly groupName?: string;
  /** As who did it claimed. */
  readonly at?: number;
  /** Not before this, for it came after what was claimed then. */
  readonly after?: number;
}

/** With `proposal`: nothing is done yet; another director has to agree. */
export interface Proposed {
  readonly proposal?: string;
}

/* ---------- commands: resolve when stored on this device, i.e. safe; sending goes on by itself ---------- */
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
  /** Nobody but directors and the staff named is to learn of a guardian; or no longer so. */
  protect_guardian: {
    readonly args: {
      readonly person: string;
      readonly child: string;
      readonly named: readonly string[];
      readonly on: boolean;
    };
    readonly result: Record<string, never>;
  };
  /** `answer`: what the new device answered when it was told whose it is to be. */
  add_device: { readonly args: { readonly answer: string }; readonly result: Record<string, never> };
  /** Whoever comes later reads this circle from now on only. */
  horizon: { readonly args: { readonly circle: string }; readonly result: Record<string, never> };
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
  plan_end: {
    readonly args: { readonly person: string; readonly day: string };
    readonly result: { readonly id: string };
  };
  cancel_plan: { readonly args: { readonly plan: string }; readonly result: Record<string, never> };
  /** Another director's proposal: it is done. */
  agree: { readonly args: { readonly proposal: string }; readonly result: Record<string, never> };
  /** Another one's, or one's own: it is not to be. */
  decline: { readonly args: { readonly proposal: string }; readonly result: Record<string, never> };
  /** The house is over. It takes two: `sheet` is the recovery sheet's code. Every writing command is then `dissolved`. */
  /**
   * The house goes on where its relay has a copy of it (`relay_moved`). It takes the sheet as the second, for nothing can be
   * written before. `origin`: where it is reached from now on, if that changes.
   */
  confirm_move: {
    readonly args: { readonly origin?: string; readonly sheet?: string };
    readonly result: Record<string, never>;
  };
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
  /** From the recovery sheet that was typed in: the next one. The host gives it, and no page. */
  renew_sheet: { readonly args: Record<string, never>; readonly result: RecoverySheet };
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
  /** The sheet again, while it has not been confirmed as printed; `not_found` afterwards. */
  recovery_sheet: { readonly args: Record<string, never>; readonly result: RecoverySheet };
  confirm_sheet_printed: { readonly args: Record<string, never>; readonly result: Record<string, never> };
}

/** How a typed code stands. */
export type CodeCheck =
  | { readonly state: 'partial' | 'complete' }
  /** `groups`: from 1, where the slip must be if there is but one; empty where nobody can tell. */
  | { readonly state: 'mistyped'; readonly groups: readonly number[] };

/** Errors carry a stable code; the page has one sentence per code. What the person wrote is kept in every case. */
export type ErrorCode =
  | 'code_mistyped'
  | 'code_unknown'
  | 'code_used'
  | 'code_expired'
  | 'code_revoked'
  | 'code_foreign'
  | 'code_already_member'
  | 'offline'
  | 'not_allowed'
  | 'not_found'
  | 'empty'
  | 'too_long'
  | 'bad_day'
  | 'quota_full'
  | 'relay_full'
  | 'relay_garbage'
  | 'relay_refused'
  /** The relay takes new houses only with the operator's setup code, and this was not it. */
  | 'setup_code'
  | 'app_outdated'
  /** Parts of the app are of different versions, e.g. in two windows. */
  | 'app_mixed'
  | 'storage_refused'
  | 'storage_full'
  | 'other_tab'
  | 'lost_race'
  /** Takes a second director, or the recovery sheet. */
  | 'needs_second'
  | 'last_director'
  /** The letter is for what lies behind the PINs of a group's tablet; or, there, it is not. */
  | 'code_tablet'
  | 'pin_wrong'
  | 'pin_wait'
  | 'pin_closed'
  | 'pin_dropped'
  | 'pin_unfit'
  | 'not_plannable'
  | 'dissolved'
  | 'internal';
export class EngineError extends Error {
  constructor(readonly code: ErrorCode) {
    super(code);
  }
}

/** What somebody outside writes. */
export interface OutsideWords {
  readonly name: string;
  readonly contact: string;
  readonly text: string;
}

/** What a recovery sheet opens. */
export interface Unfolded {
  readonly houseName: string;
  readonly fingerprint: string;
  /** Who directs it. */
  readonly people: readonly { readonly person: string; readonly name: string; readonly devices: number }[];
}

/** A file that somebody chose. */
export interface ChosenFile {
  readonly file: File;
  readonly kind: 'picture' | 'file';
  /** What is to be seen; for pictures. */
  readonly alt: string;
}

/** What became of chosen files: each is safe on this device, or was set aside at once. */
export interface Taken {
  readonly taken: number;
  readonly refused: readonly { readonly name: string; readonly fault: MediaFault }[];
}

/** What the page holds. Implemented by `client.ts` over a worker. */
export interface EngineClient {
  /** Houses of this device, kept current. */
  houses(): readonly House[];
  onHouses(listener: (houses: readonly House[]) => void): () => void;
  /** Called when anything shown for that house may have changed. */
  onChanged(listener: (slot: string) => void): () => void;
  query<K extends keyof Queries>(slot: string, name: K, args: Queries[K]['args']): Promise<Queries[K]['result']>;
  command<K extends keyof Commands>(slot: string, name: K, args: Commands[K]['args']): Promise<Commands[K]['result']>;
  /** Founds a house; resolves once the relay has it. `sheet` must be printed before the house opens. */
  found(args: {
    readonly houseName: string;
    readonly directorName: string;
    readonly helpLine: string;
    readonly notice: string;
    /** Where the operator asks for one. */
    readonly setupCode?: string;
  }): Promise<{ readonly slot: string; readonly sheet: RecoverySheet }>;
  /** Checks the typed or scanned code and fetches the greeting. Consumes nothing. */
  openInvite(code: string): Promise<InviteGreeting>;
  /** Pure and local: how a code stands while it is typed. */
  checkCode(code: string): Promise<CodeCheck>;
  /** Presents this device; resolves with the slot whose `digits` are to be compared. */
  join(code: string): Promise<{ readonly slot: string }>;
  /**
   * Writes to a house by its public link, without belonging to it. Resolves once the relay keeps it; `code_unknown`: the link is
   * none any more, `code_foreign`: the relay shows keys that are not the house's, `quota_full`: not today.
   */
  writeOutside(link: string, words: OutsideWords): Promise<void>;
  /** Checks a recovery sheet (its code and its house's, or its link) and brings back who could take a device up with it. */
  unfoldSheet(house: string, code: string): Promise<Unfolded>;
  /**
   * Makes this device one of that person's, ends their others if wanted, and makes the next sheet: the old one is worth nothing
   * afterwards. `sheet` is missing where the old one could not be replaced.
   */
  recover(
    house: string,
    code: string,
    person: string,
    endOthers: boolean,
  ): Promise<{ readonly slot: string; readonly sheet?: RecoverySheet }>;
  /** A new set id for `addMedia` and the text that goes with it. */
  newSet(): string;
  /**
   * Takes files in; resolves when every one is safe on this device or set aside. `onProgress` tells how many were looked at. The rest
   * (preparing, sealing, sending) goes on by itself, also after a restart.
   */
  addMedia(
    slot: string,
    to: MediaTarget,
    set: string,
    files: readonly ChosenFile[],
    onProgress?: (done: number) => void,
  ): Promise<Taken>;
  /** A picture's JPEG: from this device, or fetched. Throws `offline`, or `not_found` where nobody keeps it any more. */
  picture(slot: string, id: string, size: 'thumb' | 'full'): Promise<Blob>;
  /** An attachment's bytes. Throws as `picture`. */
  file(slot: string, id: string): Promise<Blob>;
  /** Sets up what lies behind the PINs of a tablet, with its letter and the first PIN. Resolves with the slot whose digits are compared. */
  joinPin(open: string, code: string, person: string, pin: string): Promise<{ readonly slot: string }>;
  /** Throws `pin_wrong`, `pin_wait`, `pin_closed`, `pin_dropped`. */
  unlock(open: string, person: string, pin: string): Promise<{ readonly slot: string }>;
  lock(open: string): Promise<void>;
  /** Somebody is at it. */
  touch(open: string): Promise<void>;
  /** While it is unlocked. `null`: this person's is removed. Throws `pin_unfit`. */
  setPin(open: string, person: string, pin: string | null): Promise<void>;
  /** Forgets a house on this device (after "access ended", or a join given up). */
  forget(slot: string): Promise<void>;
}
