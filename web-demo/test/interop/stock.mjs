/**
 * @file Opens and seals with stock libraries alone, age-encryption and Automerge: `node test/interop/stock.mjs ORDER`. ORDER is a JSON
 * file {open: [{file, passphrase | identity}], seal: [{file, passphrase, workFactor, plain}], documents: [file]}, bytes in hex. Prints
 * {opened: [hex], documents: [{item: value}]}, where a value is {bytes}, or the fields of a map, each as {text}, {int}, {bool} or
 * {bytes}. `tests/it/interop_js.rs` gives the order and compares.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import * as Automerge from '@automerge/automerge';
import { Decrypter, Encrypter } from 'age-encryption';

const order = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const hex = (bytes) => Buffer.from(bytes).toString('hex');

async function open({ file, passphrase, identity }) {
  const decrypter = new Decrypter();
  if (passphrase !== undefined) decrypter.addPassphrase(passphrase);
  else decrypter.addIdentity(identity);
  return hex(await decrypter.decrypt(readFileSync(file), 'uint8array'));
}

async function seal({ file, passphrase, workFactor, plain }) {
  const encrypter = new Encrypter();
  encrypter.setScryptWorkFactor(workFactor);
  encrypter.setPassphrase(passphrase);
  writeFileSync(file, await encrypter.encrypt(Buffer.from(plain, 'hex')));
}

function described(value) {
  if (value instanceof Uint8Array) return { bytes: hex(value) };
  if (typeof value === 'string' || Automerge.isImmutableString(value)) return { text: value.toString() };
  if (typeof value === 'boolean') return { bool: value };
  if (typeof value === 'number' || typeof value === 'bigint') return { int: Number(value) };
  return describedMap(value);
}
const describedMap = (map) => Object.fromEntries(Object.entries(map).map(([key, value]) => [key, described(value)]));

const opened = [];
for (const one of order.open) opened.push(await open(one));
for (const one of order.seal) await seal(one);
const documents = order.documents.map((file) => describedMap(Automerge.load(readFileSync(file))));
process.stdout.write(JSON.stringify({ opened, documents }));
