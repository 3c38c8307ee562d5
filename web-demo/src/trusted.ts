/**
 * @file The one place where a script address is vouched for. The relay's policy demands Trusted Types; this policy lets through
 * addresses of our own origin only. Used for the engine's worker and the service worker.
 */

interface ScriptUrlPolicy {
  createScriptURL(url: string): string;
}
interface PolicyFactory {
  createPolicy(name: string, rules: ScriptUrlPolicy): ScriptUrlPolicy;
}

function sameOrigin(url: string): string {
  const address = new URL(url, self.location.href);
  if (address.origin !== self.location.origin) throw new TypeError('a script of another origin');
  return address.href;
}

let policy: ScriptUrlPolicy | undefined;

/** The address as the browser wants it for `new Worker` and `serviceWorker.register`. Throws a `TypeError` for another origin. */
export function trustedScriptUrl(url: string | URL): string {
  const factory = (self as unknown as { trustedTypes?: PolicyFactory }).trustedTypes;
  policy ??= factory?.createPolicy('nestpost', { createScriptURL: sameOrigin }) ?? { createScriptURL: sameOrigin };
  return policy.createScriptURL(String(url));
}
