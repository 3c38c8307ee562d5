/**
 * @file Reads the German messages and writes `src/i18n/messages.gen.ts`: every id with the variables it needs, so that a wrong
 * id or a forgotten variable stops the type check. A unit test compares the file with the messages.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from '@fluent/syntax';

const folder = join(import.meta.dirname, '../src/i18n');

/** Variables of one pattern, in order of appearance. */
function variables(node, found = new Set()) {
  if (node === null || typeof node !== 'object') return found;
  if (node.type === 'VariableReference') found.add(node.id.name);
  for (const value of Object.values(node)) {
    if (Array.isArray(value)) for (const one of value) variables(one, found);
    else variables(value, found);
  }
  return found;
}

/** Ids and variables of a Fluent file. Throws where the file does not parse. */
export function messagesOf(file) {
  const resource = parse(readFileSync(join(folder, file), 'utf8'), {});
  const messages = new Map();
  for (const entry of resource.body) {
    if (entry.type === 'Junk')
      throw new Error(`${file}: ${entry.annotations[0]?.message ?? 'does not parse'}: ${entry.content}`);
    if (entry.type !== 'Message') continue;
    if (messages.has(entry.id.name)) throw new Error(`${file}: ${entry.id.name} stands twice`);
    messages.set(entry.id.name, [...variables(entry.value)].sort());
  }
  return messages;
}

/** The generated TypeScript. */
export function generate() {
  const lines = [...messagesOf('de.ftl')].map(([id, names]) => {
    const args =
      names.length === 0 ? 'null' : `{ ${names.map((name) => `readonly ${name}: string | number`).join('; ')} }`;
    return `  '${id}': ${args};`;
  });
  return `/** @file Generated from \`de.ftl\` by \`npm run i18n\`. Not edited by hand. */\nexport interface MessageArgs {\n${lines.join('\n')}\n}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(join(folder, 'messages.gen.ts'), generate());
}
