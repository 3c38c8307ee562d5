/** @file What the page can ask. Mirrors `core/src/app/command.rs`; the page imports it from `contract.ts`. */
import type {
  Absence,
  AdminEntry,
  Boards,
  Bulletin,
  ChildCard,
  ChildEntry,
  ConfirmedEntry,
  DeviceEntry,
  EmergencyEntry,
  Erasures,
  EvidenceCase,
  Family,
  Group,
  GroupDay,
  Intake,
  Media,
  MissingDay,
  Note,
  OvertakenEntry,
  PendingJoin,
  PersonEntry,
  Picture,
  PlaceView,
  PlanEntry,
  ProposalEntry,
  QuarantinedEntry,
  Reach,
  Relation,
  Thread,
  ThreadDetail,
  UnsentEntry,
} from './views';

/** Pure reads, answered at once, re-asked when `changed` names the house. */
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
  boards: { readonly args: Record<string, never>; readonly result: Boards };
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
  /** What the copy at the relay lacks of what this device has, the latest day first (`relay_moved`, `relay_restored`). */
  missing: { readonly args: Record<string, never>; readonly result: readonly MissingDay[] };
  /** What waits for a second director, oldest first; for directors, but not for whom it is about. */
  proposals: { readonly args: Record<string, never>; readonly result: readonly ProposalEntry[] };
  /** What was decided on this device and came to nothing, the latest first. */
  overtaken: { readonly args: Record<string, never>; readonly result: readonly OvertakenEntry[] };
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
      /** What was set aside, the first of it. */
      readonly setAside: readonly QuarantinedEntry[];
      /** To save and hand on, hex: signatures, headers and ids, no names and no contents. Absent where there is nothing. */
      readonly file?: string;
    };
  };
  /** What two of the staff are to agree upon, what nobody is shown, and what is gone; the latest first. For staff. */
  erasures: { readonly args: Record<string, never>; readonly result: Erasures };
  /** What this person wrote and the relay does not have, oldest first; pictures and files have `transfers`. */
  unsent: { readonly args: Record<string, never>; readonly result: readonly UnsentEntry[] };
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
