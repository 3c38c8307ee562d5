//! The security headers: no third-party origin at all, no inline code, no framing.

use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue};

use crate::config::{Config, Origin};

/// File names below this path carry a hash of their content.
const HASHED: &str = "/assets/";
const TWO_YEARS: &str = "max-age=63072000";

/// What goes on every response.
#[derive(Debug)]
pub(super) struct Headers(Vec<(HeaderName, HeaderValue)>);

impl Headers {
    pub(super) fn new(config: &Config) -> Self {
        let mut headers = vec![
            (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
            (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
            (X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
            named("cross-origin-opener-policy", "same-origin"),
            named("cross-origin-embedder-policy", "require-corp"),
            named("cross-origin-resource-policy", "same-origin"),
            named("origin-agent-cluster", "?1"),
            named("permissions-policy", PERMISSIONS),
        ];
        if let Ok(policy) = HeaderValue::from_str(&content_security_policy(&config.origins)) {
            headers.push((CONTENT_SECURITY_POLICY, policy));
        }
        if config.is_secure() {
            headers.push((STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(TWO_YEARS)));
        }
        Self(headers)
    }

    pub(super) fn put_on(&self, path: &str, response: &mut HeaderMap) {
        for (name, value) in &self.0 {
            response.insert(name.clone(), value.clone());
        }
        let is_asset = path.starts_with(HASHED) && response.contains_key(axum::http::header::ETAG);
        let cache = if is_asset {
            "public, max-age=31536000, immutable"
        } else if path.starts_with(super::blob::PATH) {
            // Rights may end; and nothing is to lie in a cache that nobody sweeps.
            "no-store"
        } else {
            "no-cache"
        };
        response.insert(CACHE_CONTROL, HeaderValue::from_static(cache));
    }
}

const fn named(name: &'static str, value: &'static str) -> (HeaderName, HeaderValue) {
    (HeaderName::from_static(name), HeaderValue::from_static(value))
}

/// The camera reads invite codes and takes pictures; nothing else is asked for.
const PERMISSIONS: &str = "camera=(self), microphone=(), geolocation=(), display-capture=(), usb=(), serial=(), \
                           payment=(), accelerometer=(), gyroscope=(), magnetometer=(), midi=()";

/// `'self'` covers the WebSocket of the same origin in current browsers; older ones need it by name.
fn content_security_policy(origins: &[Origin]) -> String {
    let sockets: String = origins.iter().map(|origin| format!(" {}", origin.websocket())).collect();
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; \
         media-src 'self' blob:; font-src 'self'; connect-src 'self'{sockets}; worker-src 'self'; \
         manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
         require-trusted-types-for 'script'; trusted-types nestpost svelte-trusted-html 'allow-duplicates'"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_names_own_sockets_and_nobody_else() {
        let origins = [Origin::parse("https://kita.example").unwrap()];
        let policy = content_security_policy(&origins);
        assert!(policy.contains("connect-src 'self' wss://kita.example;"));
        assert!(!content_security_policy(&[]).contains("://"));
        for never in ["unsafe-inline", "'unsafe-eval'", "http:", "*"] {
            assert!(!policy.contains(never), "{never}");
        }
    }

    #[test]
    fn only_a_relay_reached_over_tls_asks_for_tls() {
        let mut config = Config::new("data");
        let has = |config: &Config| {
            Headers::new(config).0.iter().any(|(name, _)| name == STRICT_TRANSPORT_SECURITY)
        };
        assert!(!has(&config));
        config.origins.push(Origin::parse("https://kita.example").unwrap());
        assert!(has(&config));
    }
}
