/**
 * @file The browser's part of the leak drill: `node drill/run.mjs ORDER`. ORDER is a JSON file {relay, chromium, canaries, photos, work}.
 * People found a house, join it, write the canaries and share pictures; each of them is then looked for in another person's browser.
 * Leaves in the folder `work`: `data` (the relay's, after it stopped), `running` and `backup` (copies made while it ran), `logs`,
 * `traffic`, `received` (pictures as they came), and `result.json` {delivered: [index], secrets: [text], photos, files, error}. A
 * canary's text and a picture's name are never printed.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as people from './people.mjs';
import { makeBadFiles, makePdf, makePhotos, pixelsOf, writePhotos } from './photos.mjs';
import { makePlan } from './plan.mjs';
import { startProxy } from './proxy.mjs';
import { startRelay } from './relay.mjs';

/** How far a picture may be from what was chosen, on average, of 255: it was made smaller and packed anew. */
const differenceMax = 8;
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
/** What became of pictures and attachments. */
const photos = [];
const files = [];
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

/** Paths of what is to be shown: what was given, or photos of all sorts and some that are none. */
function chosenPhotos() {
  if (order.photos) return order.photos;
  const good = [...makePhotos(15), ...makePhotos(1, { first: 15, width: 4000, height: 3000 })];
  const bad = makeBadFiles().filter(({ fault }) => ['undecodable', 'format_unsupported'].includes(fault));
  const names = writePhotos(inWork('offered'), [...good, ...bad]);
  return names.map((name) => join(inWork('offered'), name));
}

/** An educator shows pictures to the group; a parent looks at each, small and large. */
async function sharePictures(educator, parent) {
  begin('educator shows pictures');
  const paths = chosenPhotos();
  photos.push(...paths.map((original) => ({ original, state: 'lost', received: [], pixels: [] })));
  const refused = await people.showPictures(educator, paths);
  const waiting = [];
  for (const photo of photos) {
    if (refused.includes(basename(photo.original))) photo.state = 'refused';
    else waiting.push(photo);
  }

  begin('parent looks at pictures');
  const seen = await people.picturesSeen(parent, waiting.length);
  if (seen.length !== waiting.length) throw new Error(`${seen.length} pictures instead of ${waiting.length}`);
  const blank = await educator.page.context().newPage();
  for (const [index, photo] of waiting.entries()) {
    const original = readFileSync(photo.original);
    let isSame = true;
    for (const [size, bytes] of Object.entries(seen[index])) {
      const path = inWork(`received/${index}-${size}.jpg`);
      writeFileSync(path, bytes);
      photo.received.push(path);
      photo.pixels.push(...pixelsOf(bytes));
      isSame &&= (await people.difference(blank, original, bytes)) <= differenceMax;
    }
    if (isSame) photo.state = 'delivered';
  }
  await blank.close();
  const lost = photos.filter(({ state }) => state === 'lost').length;
  if (lost > 0) throw new Error(`${lost} pictures are not what was shown`);
}

/** A PDF beside a bulletin, as a parent gets it. */
async function attach(director, parent) {
  begin('director attaches a file');
  const original = join(
    inWork('offered'),
    writePhotos(inWork('offered'), [{ name: 'Speiseplan-KW24.pdf', bytes: makePdf('Milchreis') }])[0],
  );
  files.push({ original, state: 'lost' });
  await people.post(director, 'house', plain.bulletinTitle, 'Guten Tag', [original]);
  if ((await people.attachmentSeen(parent)).equals(readFileSync(original))) files[0].state = 'delivered';
}

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

  await sharePictures(educator, parent);
  await attach(director, parent);

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
  const names = photos.map(({ original }) => basename(original));
  const safe = [...canaries, ...written, ...names].some((text) => message.includes(text)) ? 'failed' : message;
  return `${step}: ${safe}`;
}

async function run() {
  for (const folder of ['data', 'logs', 'profiles', 'received']) mkdirSync(inWork(folder), { recursive: true });
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
  JSON.stringify({ delivered: [...delivered].toSorted((a, b) => a - b), secrets, photos, files, error }),
);
process.exit(error === undefined ? 0 : 1);
