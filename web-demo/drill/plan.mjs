/**
 * @file Who writes which canary where. The first canaries that fit go to each kind of place once, names included; the rest is
 * spread over bulletins and messages.
 */

/** Items per kind of text; beyond that, several canaries share one, each on a line of its own. */
const itemsMax = 12;

/**
 * Places that take one canary each, in the order in which they are given out.
 * `max` is the limit of the screen's field, in UTF-16 units.
 */
const single = [
  { kind: 'message', max: 4000 },
  { kind: 'sickNote', max: 2000 },
  { kind: 'houseBulletin', max: 8000 },
  { kind: 'reply', max: 4000 },
  { kind: 'groupBulletin', max: 8000 },
  { kind: 'child', max: 80 },
  { kind: 'guardian', max: 80 },
  { kind: 'bulletinTitle', max: 120 },
  { kind: 'group', max: 80 },
  { kind: 'educator', max: 80 },
  { kind: 'director', max: 80 },
  { kind: 'house', max: 80 },
  { kind: 'helpLine', max: 120 },
  { kind: 'notice', max: 4000 },
];
/** What can be written again and again. */
const texts = ['message', 'houseBulletin', 'reply', 'groupBulletin'];

/**
 * @typedef {{ readonly text: string, readonly canaries: readonly number[] }} Item
 * @param {readonly string[]} canaries
 * @returns {Record<string, Item[]>} by kind; a kind without a canary has no items
 */
export function makePlan(canaries) {
  const waiting = canaries.map((_, index) => index);
  /** @type {Record<string, Item[]>} */
  const plan = {};
  for (const { kind, max } of single) {
    const fitting = waiting.findIndex((index) => fits(canaries[index], kind, max));
    plan[kind] = [];
    if (fitting < 0) continue;
    const [index] = waiting.splice(fitting, 1);
    plan[kind].push({ text: canaries[index], canaries: [index] });
  }
  const items = Math.min(waiting.length, itemsMax * texts.length);
  for (let item = 0; item < items; item++) {
    const members = waiting.filter((_, place) => place % items === item);
    for (const part of split(members, canaries))
      plan[texts[item % texts.length]].push({ text: part.map((index) => canaries[index]).join('\n'), canaries: part });
  }
  return plan;
}

/** One line of a form takes no tab. */
function fits(text, kind, max) {
  return text.length <= max && (max > 120 || !text.includes('\t'));
}

/** Parts that fit into one message. */
function split(members, canaries) {
  const charsMax = 3500;
  const parts = [];
  let chars = Infinity;
  for (const index of members) {
    const more = canaries[index].length + 1;
    if (chars + more > charsMax) {
      parts.push([]);
      chars = 0;
    }
    parts.at(-1).push(index);
    chars += more;
  }
  return parts;
}
