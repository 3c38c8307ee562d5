/** Ids and variables of a Fluent file in `src/i18n`. Throws where the file does not parse. */
export function messagesOf(file: string): Map<string, string[]>;
/** The text of `messages.gen.ts`. */
export function generate(): string;
