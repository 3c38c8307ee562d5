/** @file The version of this build, put in by the bundler from `package.json`. */
declare const __NESTPOST_VERSION__: string;

export const version: string = __NESTPOST_VERSION__;
