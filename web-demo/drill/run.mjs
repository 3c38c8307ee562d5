/**
 * @file The browser's part of the leak drill: `node drill/run.mjs ORDER`. ORDER is a JSON file {relay, chromium, canaries, work}.
 * People found a house, join it and write the canaries; each canary is then looked for in another person's browser. Leaves in the
 * folder `work`: `data` (the relay's, after it stopped), `running` and `backup` (copies made while it ran), `logs`, `traffic`, and
 * `result.json` {delivered: [index], secrets: [text], error}. A canary's text is never printed.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as people from './people.mjs';
import { makePlan } from './plan.mjs';
import { startProxy } from './proxy.mjs';
import { startRelay } from './relay.mjs';

/** What stands where no canary does. */
const plain = {
  house: 'Drill',
  director: 'Leitung',
  helpLine: 'im Haus',
  notice: '',
  group: 'Gruppe A',
  child: 'Kind A',
  guardian: 'Familie A',
  educator: 'Fachkraft A',
  bulletinTitle: 'Aushang',
};

const order = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const { canaries, work } = order;
const inWork = (name) => join(work, name);
const plan = makePlan(canaries);
const one = (kind) => plan[kind][0]?.text ?? plain[kind];
const executablePath =
  order.chromium ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((path) => existsSync(path));

const delivered = new Set();
const secrets = [];
let step = 'start';

function begin(name) {
  step = name;
  console.error(`     ${name}`);
}

/** Looks in a reader's browser for everything of these kinds. */
async function look(reader, kinds) {
  const items = kinds.flatMap((kind) => plan[kind]);
  const wanted = [...new Set(items.flatMap((item) => item.canaries))];
  if (wanted.length === 0) return;
  const seen = await people.textsSeen(
    reader,
    wanted.map((index) => canaries[index]),
  );
  for (const place of seen) delivered.add(wanted[place]);
}

/** Everything of a kind, or one item without a canary where the flow needs one. */
const itemsOf = (kind, needed) =>
  plan[kind].length > 0 || !needed ? plan[kind] : [{ text: 'Guten Tag', canaries: [] }];

async function flow({ director, educator, parent }) {
  begin('director founds the house');
  secrets.push(
    await people.found(director, {
      house: one('house'),
      director: one('director'),
      helpLine: one('helpLine'),
      notice: one('notice'),
    }),
  );
  await people.createGroup(director, one('group'));

  begin('educator joins by a letter’s link');
  const toEducator = await people.createEducator(director, one('educator'));
  await people.openLetter(educator, toEducator, 'link');
  await people.joinHouse(educator, director);

  begin('parent joins by a letter’s typed code');
  const toParent = await people.createFamily(director, one('child'), one('guardian'));
  secrets.push(toEducator.code, toParent.code);
  await people.openLetter(parent, toParent, 'code');
  await look(parent, ['house', 'helpLine', 'notice']);
  await people.joinHouse(parent, director);

  begin('director and educator post bulletins');
  for (const [index, item] of itemsOf('houseBulletin', true).entries())
    await people.post(director, 'house', index === 0 ? one('bulletinTitle') : plain.bulletinTitle, item.text);
  for (const item of itemsOf('groupBulletin', false))
    await people.post(educator, 'group', plain.bulletinTitle, item.text);

  begin('a backup is copied while the relay runs');
  cpSync(inWork('data'), inWork('backup'), { recursive: true });

  begin('parent writes');
  await people.openThread(parent);
  for (const item of itemsOf('message', true)) await people.say(parent, item.text);
  for (const item of itemsOf('sickNote', true)) await people.reportSick(parent, item.text);

  begin('educator reads and answers');
  await people.goTo(educator, 'today');
  await look(educator, ['child']);
  await people.openThread(educator);
  await look(educator, ['message', 'sickNote', 'guardian']);
  for (const item of itemsOf('reply', true)) await people.say(educator, item.text);

  begin('parent reads');
  await people.openThread(parent);
  await look(parent, ['reply', 'educator']);
  await people.goTo(parent, 'bulletins');
  await look(parent, ['houseBulletin', 'groupBulletin', 'bulletinTitle', 'director']);
  await people.goTo(parent, 'today');
  await look(parent, ['group']);
}

/** One line that cannot hold what people wrote. */
function describe(error) {
  const [line] = String(error?.message ?? error).split('\n');
  const message = line.split(/getBy|locator\(|strict mode/)[0];
  const written = Object.values(plan).flatMap((items) => items.map((item) => item.text));
  const safe = [...canaries, ...written].some((text) => message.includes(text)) ? 'failed' : message;
  return `${step}: ${safe}`;
}

async function run() {
  for (const folder of ['data', 'logs', 'profiles']) mkdirSync(inWork(folder), { recursive: true });
  const proxy = await startProxy(inWork('traffic'));
  const { origin } = proxy;
  const relay = await startRelay({
    binary: order.relay,
    data: inWork('data'),
    log: inWork('logs/relay.log'),
    origin,
  });
  proxy.pointAt(relay.port);
  const crowd = {};
  try {
    for (const name of ['director', 'educator', 'parent'])
      crowd[name] = await people.startPerson(name, { executablePath, profiles: inWork('profiles'), origin });
    await flow(crowd);
  } catch (error) {
    // A picture of what stood on the screen, for whoever looks into it: only on request, it shows what was written.
    if (order.pictures)
      for (const { name, page } of Object.values(crowd))
        await page.screenshot({ path: join(order.pictures, `${name}.png`) });
    throw error;
  } finally {
    await Promise.all(Object.values(crowd).map((person) => person.close()));
    cpSync(inWork('data'), inWork('running'), { recursive: true });
    await relay.stop();
    await proxy.close();
  }
}

let error;
try {
  await run();
} catch (thrown) {
  error = describe(thrown);
  console.error(`     ${error}`);
}
writeFileSync(
  inWork('result.json'),
  JSON.stringify({ delivered: [...delivered].toSorted((a, b) => a - b), secrets, error }),
);
process.exit(error === undefined ? 0 : 1);
