/** @file Who is who in a house, read from what its staff are sent: the log in clear, and which records stand in which circle. */
import type { Named } from './traffic';
import { bytes, decode, fields, fromRelay, kind, list, messages, number, sort, type Fields } from './wire';

interface Circle {
  readonly id: Buffer;
  readonly sort: number;
  readonly guardian: Buffer | undefined;
  readonly persons: Buffer[];
}
interface Device {
  readonly person: Buffer;
  readonly ids: readonly Named[];
}

export interface HouseLog {
  /** Whom a device belongs to, under which keys, and the circles that concern this person directly. */
  person(device: Buffer): { readonly id: Buffer; readonly ids: readonly Named[]; readonly circles: readonly Circle[] };
  /** A circle with its records and their documents. */
  circle(circle: Circle): readonly Named[];
  /** The only circle of a sort. */
  only(which: keyof typeof sort): Circle;
  /** Every person who joined, every device of theirs, every circle with its records. */
  all(): readonly Named[];
}

/** `received`: messages that somebody of the staff was sent. */
export function readLog(received: readonly Buffer[]): HouseLog {
  const invites = new Map<number, { person: Buffer; key: Buffer }>();
  const devices = new Map<string, Device>();
  const circles = new Map<string, Circle>();
  const stored = new Map<string, Named[]>();

  const seen = messages(received, fromRelay.log).flatMap((page) => list(fields(page).get(1)));
  for (const entry of new Map(seen.map((one) => [number(fields(one).get(0)), fields(one).get(1)])).values()) {
    const signed = fields(decode(bytes(fields(decode(bytes(fields(entry).get(0)))).get(0))));
    const [seq, body] = [number(signed.get(2)), fields(decode(bytes(signed.get(7))))];
    switch (number(signed.get(5))) {
      case kind.invite:
        invites.set(seq, { key: bytes(body.get(0)), person: bytes(body.get(1)) });
        break;
      case kind.join: {
        const invite = invites.get(number(body.get(0)));
        if (!invite) throw new Error('a join without its invite');
        const [device, recipient] = card(body.get(1) as Fields);
        devices.set(device.toString('hex'), {
          person: invite.person,
          ids: [
            { what: 'person', id: invite.person },
            { what: 'device', id: device },
            { what: 'recipient of a device', id: recipient },
            { what: 'key of an invite', id: invite.key },
          ],
        });
        break;
      }
      case kind.circle: {
        const id = bytes(body.get(0));
        const guardian = body.get(4);
        circles.set(id.toString('hex'), {
          id,
          sort: number(body.get(1)),
          guardian: guardian === undefined ? undefined : bytes(guardian),
          persons: list(body.get(5) ?? []).map(bytes),
        });
        break;
      }
      case kind.member: {
        const [which, [who]] = list(body.get(2)).map((part) => part) as [number, [Buffer]];
        if (which === 0) circles.get(bytes(body.get(0)).toString('hex'))?.persons.push(who);
        break;
      }
    }
  }
  for (const page of messages(received, fromRelay.records).map(fields)) {
    const circle = bytes(page.get(0)).toString('hex');
    for (const row of list(page.get(1)).map(fields)) {
      const found: Named[] = [{ what: 'record', id: bytes(row.get(1)) }];
      const record = row.get(2);
      const document = record && fields(decode(bytes(fields(record).get(0)))).get(6);
      if (document) found.push({ what: 'document', id: bytes(document) });
      stored.set(circle, [...(stored.get(circle) ?? []), ...found]);
    }
  }

  const named = ({ id, sort: which }: Circle): readonly Named[] => {
    const [name] = Object.entries(sort).find(([, value]) => value === which) ?? ['unknown'];
    const records = (stored.get(id.toString('hex')) ?? []).map((one) => ({ ...one, what: `${one.what} in ${name}` }));
    return [{ what: `circle ${name}`, id }, ...records];
  };
  const has = (persons: readonly Buffer[], person: Buffer) => persons.some((one) => one.equals(person));
  return {
    person(device) {
      const known = devices.get(device.toString('hex'));
      if (!known) throw new Error('no such device in the log');
      const direct = [...circles.values()].filter(
        (circle) => circle.sort === sort.private || circle.sort === sort.child || circle.sort === sort.guarded,
      );
      return {
        id: known.person,
        ids: known.ids,
        circles: direct.filter((circle) => has(circle.persons, known.person) || circle.guardian?.equals(known.person)),
      };
    },
    circle: named,
    only(which) {
      const found = [...circles.values()].filter((circle) => circle.sort === sort[which]);
      if (found.length !== 1) throw new Error(`${found.length} circles of that sort`);
      return found[0]!;
    },
    all: () => [...[...devices.values()].flatMap(({ ids }) => ids), ...[...circles.values()].flatMap(named)],
  };
}

const card = (value: Fields): readonly [Buffer, Buffer] => [bytes(value.get(0)), bytes(value.get(1))];
