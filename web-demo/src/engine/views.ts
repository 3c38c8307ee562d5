/** @file What the page shows: the types of `core/src/app/view.rs`. The page imports them from `contract.ts`. */

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
  /** Where the house is reached now, if that is another address than this app’s. */
  readonly address?: string;
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
    /** Two lists of who belongs were shown: this device changes nothing about it until the house goes on with another copy. */
    | 'log_doubted'
    | 'relay_moved'
    /** Of a director: with a count of what this device knows and the relay lacks. */
    | 'relay_restored'
    | 'address_new'
    | 'app_outdated'
    | 'storage_refused'
    | 'storage_full'
    /** Little room is left on this device. */
    | 'storage_low'
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
  /** When it was reported; absent from a copy for whom that is not told. */
  readonly at?: number;
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
  /** And what went from there for protected guardians; where this device reads it. */
  readonly apart?: string;
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
  /** Of somebody protected: staff who read with them, not yet directors who came later. Absent where this device may not say. */
  readonly named?: Board['members'];
  /** Whom to call for each child of theirs, where something is said; of somebody protected, what went from there. */
  readonly contacts: readonly Contacts[];
}
/** Whom to call for a child. */
export interface Contacts {
  readonly child: string;
  readonly contacts: string;
}
export interface Family {
  /** The child has left the house. */
  readonly left: boolean;
  readonly guardians: readonly Kin[];
}
export interface Boards {
  readonly boards: readonly Board[];
  /** This person directs, and the house has no council, not even one that they do not read. */
  readonly mayMakeCouncil: boolean;
}
/** A circle with notes of its own: the whole team's, the elected parents', one of named persons, a child's guardians'. */
export interface Board {
  readonly id: string;
  readonly sort: 'staff' | 'council' | 'guarded' | 'child';
  /** A child's, or what a circle of named persons is called; may be empty. */
  readonly name: string;
  /** The protected guardian for whom it is. */
  readonly protects?: string;
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
  /** It is a recovery sheet. */
  readonly sheet: boolean;
  /** What this person calls it; of their own devices, where they have said so on this one. */
  readonly name?: string;
  /** A sheet: when it was said to be printed, where that was on this device. */
  readonly printedAt?: number;
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
  /** Whose it is; nobody's where it is the house's. */
  readonly personName?: string;
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

/** Planned for a day; whichever device of the house is there carries it out. */
/** Whom and what something is about. */
export interface Subject {
  readonly person?: string;
  readonly personName?: string;
  readonly child?: string;
  readonly childName?: string;
  readonly group?: string;
  readonly groupName?: string;
}
export interface PlanEntry {
  readonly id: string;
  readonly what: 'guardian' | 'move' | 'leave' | 'end';
  readonly day: string;
  readonly about: Subject;
  readonly relation?: Relation;
  /** Name of the director who planned it. */
  readonly by: string;
  readonly at: number;
  /**
   * Open: `waiting`; `due`, its day has come and no device that can do it has been there; `stuck`, as things stand it cannot be done.
   * Over: `done`, `withdrawn`, `failed`.
   */
  readonly stage: 'waiting' | 'due' | 'stuck' | 'done' | 'withdrawn' | 'failed';
  /** Why it is stuck or failed: an error's code. */
  readonly reason?: string;
}

/** Entries that came here on one day and are missing at the relay. */
export interface MissingDay {
  /** Within that day; absent: not known. */
  readonly at?: number;
  readonly count: number;
}

/** What one director proposes and another one has to agree to. */
export interface ProposalEntry {
  readonly id: string;
  readonly what: 'remove_person' | 'end_device' | 'dissolve_house' | 'confirm_move';
  readonly person?: string;
  readonly personName?: string;
  readonly device?: string;
  /** Of `confirm_move`: where the house is reached from then on, if that changes. */
  readonly address?: string;
  readonly by: string;
  /** Proposed by this person: somebody else has to agree. */
  readonly mine: boolean;
  readonly at: number;
  /** From this day on, where not at once. */
  readonly day?: string;
  /** That day is here: whoever agrees now does it at once. */
  readonly due: boolean;
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
    | 'goes_on'
    | 'moved'
    | 'dissolved';
  /** Who decided it. Empty: with the recovery sheet, or their name has not come. */
  readonly by: string;
  readonly bySheet: boolean;
  readonly byPerson?: string;
  /** Which persons signed as second. Empty in it: their name has not come. */
  readonly agreedBy: readonly string[];
  readonly agreedBySheet: boolean;
  /** Of what was planned: who carried it out, if somebody else. */
  readonly carriedOutBy?: string;
  readonly about: Subject;
  /** Their present role, or the last. */
  readonly role?: Role;
  readonly device?: string;
  /** As who did it claimed. */
  readonly at?: number;
  /** Not before this, for it came after what was claimed then. */
  readonly after?: number;
}

/** What was decided on this device and came to nothing, because the house had changed meanwhile. */
export interface OvertakenEntry {
  /** For `forget_overtaken`. */
  readonly id: number;
  /** What it would have done; may be empty. */
  readonly parts: readonly { readonly what: AdminEntry['what']; readonly about: Subject }[];
  /** What somebody else did meanwhile to the same person or child. */
  readonly cause?: AdminEntry;
}

/** A record that did not open or did not hold; everything else goes on. */
export interface QuarantinedEntry {
  /** Its id, by which whoever has the relay's data finds it. */
  readonly record: string;
  /** Where it stands, as far as this device knows. */
  readonly place?: WrittenEntry['place'];
  readonly placeName: string;
  /** Within its circle. */
  readonly number: number;
  /** Whose device made it; empty where that is not known. */
  readonly author: string;
}

/** Something that somebody of the staff wants to go, or that nobody is shown. */
export interface WrittenEntry {
  readonly item: string;
  readonly kind: 'bulletin' | 'note' | 'message' | 'picture' | 'file';
  readonly place: 'house' | 'group' | 'child' | 'thread' | 'staff' | 'council' | 'guarded';
  /** Of the group, the child, the guardian or the circle; else empty. */
  readonly placeName: string;
  /** How it begins. */
  readonly text: string;
  readonly author: string;
  /** Whether this person wrote it. */
  readonly mine: boolean;
  readonly at: number;
  /** Who wants it to go, or said that nobody is shown it. */
  readonly said: readonly { readonly name: string; readonly mine: boolean; readonly at: number }[];
}

/** What was erased at once: nothing but where, how much and by whom. */
export interface ErasedEntry {
  readonly place: WrittenEntry['place'];
  readonly placeName: string;
  readonly count: number;
  readonly by: string;
  /** Who else wanted it; absent where it was taken back before. */
  readonly second?: string;
  /** When the last word was said that it goes. */
  readonly at?: number;
}

/** Something that this person wrote and the relay does not have, whole. */
export interface UnsentEntry {
  readonly item: string;
  readonly kind: 'bulletin' | 'note' | 'message' | 'sick' | 'away';
  readonly place: WrittenEntry['place'];
  /** Of the group, the child, the guardian or the circle; else empty. */
  readonly placeName: string;
  /** A heading, where there is one. */
  readonly title: string;
  readonly text: string;
  /** Days of an absence. */
  readonly from?: string;
  readonly to?: string;
  readonly at: number;
  /** It does not go by itself: this device writes there no more, or the relay did not take it. */
  readonly stuck?: 'no_access' | 'refused';
}

export interface Erasures {
  readonly wished: readonly WrittenEntry[];
  readonly restricted: readonly WrittenEntry[];
  readonly erased: readonly ErasedEntry[];
}
