//! How a relay is set up: flags before environment before file before default.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;
use subtle::ConstantTimeEq as _;

pub mod cli;

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read the configuration file {path}")]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file is not TOML, or names a setting that does not exist.
    #[error("the configuration file {path} is not valid")]
    Parse {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: toml::de::Error,
    },
    /// An origin is not `scheme://host[:port]` with `http` or `https`.
    #[error("{origin} is not an origin like https://kita.example")]
    Origin {
        /// As given.
        origin: String,
    },
    /// A setup code that is too short to be one.
    #[error("the setup code needs at least {SETUP_CODE_CHARS_MIN} characters")]
    SetupCode,
    /// A limit of zero.
    #[error("the setting {setting} must be greater than zero")]
    Zero {
        /// Its name.
        setting: &'static str,
    },
}

/// Shortest setup code.
pub const SETUP_CODE_CHARS_MIN: usize = 8;

/// Form of the log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// One line of text per event.
    #[default]
    Text,
    /// One JSON object per event.
    Json,
}

/// What an operator hands to whoever may found a house here.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct SetupCode(String);

impl SetupCode {
    /// From its text.
    #[must_use]
    pub const fn new(code: String) -> Self {
        Self(code)
    }

    /// Compared in constant time.
    #[must_use]
    pub fn matches(&self, given: &str) -> bool {
        self.0.as_bytes().ct_eq(given.trim().as_bytes()).into()
    }
}

impl fmt::Debug for SetupCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SetupCode(…)")
    }
}

/// `scheme://host[:port]`, lower-case, as browsers write it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    secure: bool,
    authority: String,
}

impl Origin {
    /// Parses an origin; a single slash at the end is forgiven.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.strip_suffix('/').unwrap_or(text);
        let (scheme, authority) = text.split_once("://")?;
        let secure = match scheme {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        let parsed: axum::http::uri::Authority = authority.parse().ok()?;
        // An authority may also carry a user name; an origin may not.
        let plain = !parsed.as_str().contains('@') && !parsed.host().is_empty();
        plain.then(|| Self { secure, authority: parsed.as_str().to_ascii_lowercase() })
    }

    /// Whether it is served over TLS.
    #[must_use]
    pub const fn is_secure(&self) -> bool {
        self.secure
    }

    /// Host and port, as in a `Host` header.
    #[must_use]
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// The same place as a WebSocket address, for the content security policy.
    #[must_use]
    pub fn websocket(&self) -> String {
        format!("{}://{}", if self.secure { "wss" } else { "ws" }, self.authority)
    }
}

/// Times and counts that keep one client from harming the others.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Seconds until a new connection must have logged in.
    pub hello_seconds: u64,
    /// Seconds without a sign of life after which a session ends. The relay pings three times as often.
    pub idle_seconds: u64,
    /// Seconds that one message may take to leave.
    pub send_seconds: u64,
    /// Seconds until a request's head has come, the next one on the same connection too.
    pub head_seconds: u64,
    /// Seconds in which at least a byte of an answer must leave, or of a blob's part come.
    pub stall_seconds: u64,
    /// Seconds that sessions have to finish at shutdown.
    pub shutdown_seconds: u64,
    /// Milliseconds after which a failed login is answered, whatever the reason.
    pub refusal_millis: u64,
    /// Connections at a time.
    pub connections_max: usize,
    /// Sessions of one house at a time.
    pub house_sessions_max: usize,
    /// Sessions of one device at a time; a further one ends the oldest.
    pub device_sessions_max: usize,
    /// Frames per second of one device, on average.
    pub device_frames_per_second: u32,
    /// Frames per second of one house, on average.
    pub house_frames_per_second: u32,
    /// What one guardian may hand in within a day, in MiB, and at once.
    pub guardian_mib_per_day: u32,
    /// What outsiders may write to one house within a day, and at once.
    pub intake_per_day: u32,
    /// Work that each of it costs, as zero bits of a hash; one more doubles it. At most 24.
    pub intake_work_bits: u8,
    /// Blobs that one device may have reserved at a time, before anybody holds them.
    pub device_reservations_max: u64,
    /// How large these may be together, in MiB.
    pub device_reserved_mib_max: u32,
    /// Requests about blobs that one device may have under way at a time; a further one ends the oldest.
    pub device_transfers_max: usize,
    /// Parts of blobs that are received at a time; each takes 1 MiB of memory. One house has a quarter of them.
    pub uploads_max: usize,
    /// Parts that one device may be sending at a time; a further one ends the oldest.
    pub device_uploads_max: usize,
    /// Seconds that one part of a blob may take to come.
    pub part_seconds: u64,
    /// New houses per minute.
    pub founds_per_minute: u32,
    /// Houses whose folded state is kept in memory.
    pub houses_cached_max: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            hello_seconds: 20,
            idle_seconds: 90,
            send_seconds: 30,
            // Proxies keep idle connections for up to two minutes, and should be the ones to close them.
            head_seconds: 150,
            stall_seconds: 60,
            shutdown_seconds: 10,
            refusal_millis: 200,
            connections_max: 20_000,
            house_sessions_max: 2_000,
            device_sessions_max: 4,
            device_frames_per_second: 100,
            house_frames_per_second: 500,
            guardian_mib_per_day: 64,
            intake_per_day: 100,
            intake_work_bits: 18,
            device_reservations_max: 64,
            device_reserved_mib_max: 96,
            device_transfers_max: 16,
            uploads_max: 128,
            device_uploads_max: 4,
            part_seconds: 300,
            founds_per_minute: 60,
            houses_cached_max: 1_000,
        }
    }
}

impl Limits {
    pub(crate) const fn hello(&self) -> Duration {
        Duration::from_secs(self.hello_seconds)
    }

    pub(crate) const fn idle(&self) -> Duration {
        Duration::from_secs(self.idle_seconds)
    }

    pub(crate) const fn send(&self) -> Duration {
        Duration::from_secs(self.send_seconds)
    }

    pub(crate) const fn head(&self) -> Duration {
        Duration::from_secs(self.head_seconds)
    }

    pub(crate) const fn stall(&self) -> Duration {
        Duration::from_secs(self.stall_seconds)
    }

    pub(crate) const fn shutdown(&self) -> Duration {
        Duration::from_secs(self.shutdown_seconds)
    }

    /// What one house has of the turns to send a part, so that whoever trickles keeps no other house waiting.
    pub(crate) const fn house_uploads(&self) -> usize {
        self.uploads_max.div_ceil(4)
    }

    pub(crate) const fn part(&self) -> Duration {
        Duration::from_secs(self.part_seconds)
    }

    pub(crate) const fn refusal(&self) -> Duration {
        Duration::from_millis(self.refusal_millis)
    }
}

/// A relay's complete configuration.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// The one folder with everything the relay keeps.
    pub data: PathBuf,
    /// Origins under which it is reached. Empty: whatever the `Host` header says.
    pub origins: Vec<Origin>,
    /// Asked for by whoever founds a house; none: new houses are open.
    pub setup_code: Option<SetupCode>,
    /// Form of the log.
    pub log_format: LogFormat,
    /// Bytes that one house may store.
    pub house_quota_bytes: u64,
    /// Upper bound of the database file, in pages of 4 KiB.
    pub database_pages_max: Option<u32>,
    /// Days for which a dissolved house is kept, to be read.
    pub dissolved_days: u16,
    /// Times and counts.
    pub limits: Limits,
}

/// Default of [`Config::dissolved_days`].
pub const DISSOLVED_DAYS: u16 = 90;
/// Default of [`Config::house_quota_bytes`]: 16 GiB, three years of a large house.
pub const HOUSE_QUOTA_BYTES: u64 = 16 << 30;
/// Default port.
pub const PORT: u16 = 8787;

impl Config {
    /// The defaults, with the given data folder.
    #[must_use]
    pub fn new(data: impl Into<PathBuf>) -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, PORT)),
            data: data.into(),
            origins: Vec::new(),
            setup_code: None,
            log_format: LogFormat::default(),
            house_quota_bytes: HOUSE_QUOTA_BYTES,
            database_pages_max: None,
            dissolved_days: DISSOLVED_DAYS,
            limits: Limits::default(),
        }
    }

    /// Whether browsers should be told to come back over TLS only.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.origins.iter().any(Origin::is_secure)
    }

    fn check(self) -> Result<Self, ConfigError> {
        let limits = &self.limits;
        let counts = [
            ("house_quota_bytes", self.house_quota_bytes),
            ("dissolved_days", self.dissolved_days.into()),
            ("limits.hello_seconds", limits.hello_seconds),
            ("limits.idle_seconds", limits.idle_seconds),
            ("limits.send_seconds", limits.send_seconds),
            ("limits.head_seconds", limits.head_seconds),
            ("limits.stall_seconds", limits.stall_seconds),
            ("limits.connections_max", limits.connections_max as u64),
            ("limits.house_sessions_max", limits.house_sessions_max as u64),
            ("limits.device_sessions_max", limits.device_sessions_max as u64),
            ("limits.device_frames_per_second", limits.device_frames_per_second.into()),
            ("limits.house_frames_per_second", limits.house_frames_per_second.into()),
            ("limits.guardian_mib_per_day", limits.guardian_mib_per_day.into()),
            ("limits.device_reservations_max", limits.device_reservations_max),
            ("limits.device_reserved_mib_max", limits.device_reserved_mib_max.into()),
            ("limits.device_transfers_max", limits.device_transfers_max as u64),
            ("limits.uploads_max", limits.uploads_max as u64),
            ("limits.device_uploads_max", limits.device_uploads_max as u64),
            ("limits.part_seconds", limits.part_seconds),
            ("limits.founds_per_minute", limits.founds_per_minute.into()),
            ("limits.houses_cached_max", limits.houses_cached_max),
        ];
        if let Some((setting, _)) = counts.iter().find(|(_, count)| *count == 0) {
            return Err(ConfigError::Zero { setting });
        }
        if self.setup_code.as_ref().is_some_and(|code| code.0.chars().count() < SETUP_CODE_CHARS_MIN) {
            return Err(ConfigError::SetupCode);
        }
        Ok(self)
    }
}

/// The TOML file: every setting is optional.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct File {
    listen: Option<SocketAddr>,
    data: Option<PathBuf>,
    origins: Option<Vec<String>>,
    setup_code: Option<SetupCode>,
    log_format: Option<LogFormat>,
    house_quota_bytes: Option<u64>,
    database_pages_max: Option<u32>,
    dissolved_days: Option<u16>,
    limits: Limits,
}

impl File {
    fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| ConfigError::Read { path: path.to_owned(), source })?;
        toml::from_str(&text).map_err(|source| ConfigError::Parse { path: path.to_owned(), source })
    }
}

#[cfg(test)]
mod tests;
