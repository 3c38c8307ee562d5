//! The command line of `nestpost`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use super::{Config, ConfigError, File, LogFormat, Origin, SetupCode};

/// The Nestpost relay: stores and forwards what only its readers can open.
#[derive(Debug, Parser)]
#[command(name = "nestpost", version, about, arg_required_else_help = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Read the configuration, say whether it holds, and stop.
    #[arg(long, global = true)]
    pub check_config: bool,
    /// The settings.
    #[command(flatten)]
    pub options: Options,
}

/// What `nestpost` can do.
#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// Serve the relay and the app.
    ///
    /// Precedence of every setting: flag, then environment, then configuration file, then default.
    Serve,
    /// Print every column of the relay's database, as `table.column`, and stop.
    ///
    /// Compare it with the threat model, which says of each what it reveals.
    Columns,
    /// Write one house, with its keys and sealed pictures, to a new file, and take nothing more for it here.
    ///
    /// The relay must be stopped. What is here can be read until `dissolved_days` have passed; then it is deleted.
    ExportHouse {
        /// The house as printed on its letters (four groups of four characters).
        house: String,
        /// The file to make.
        file: PathBuf,
    },
    /// Take in a house that another relay has written to a file. It can be read at once; two of the house say in the app
    /// that it goes on here.
    ///
    /// The relay must be stopped.
    ImportHouse {
        /// The file.
        file: PathBuf,
    },
    /// A house that was exported goes on here after all.
    ///
    /// The relay must be stopped. Never after somebody has said in the app that it goes on elsewhere.
    ReopenHouse {
        /// The house as printed on its letters.
        house: String,
    },
    /// Read a file of evidence that an app has saved, and say what it shows, and against whom.
    ///
    /// Nothing but the file is asked; it may run anywhere. Ends with 0 if every signature holds and each history, or log, that is said
    /// to contradict another does, with 1 if not, with 2 if the file cannot be read. 0 alone proves nothing: its last line counts what does.
    Evidence {
        /// The file.
        file: PathBuf,
    },
}

/// Settings of the command line and the environment.
#[derive(Debug, Default, Args)]
pub struct Options {
    /// TOML file with any of the settings.
    #[arg(long, global = true, env = "NESTPOST_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Where to listen [default: 127.0.0.1:8787].
    #[arg(long, global = true, env = "NESTPOST_LISTEN", value_name = "ADDR")]
    pub listen: Option<SocketAddr>,
    /// The one folder with everything the relay keeps [default: ./nestpost-data].
    #[arg(long, global = true, env = "NESTPOST_DATA", value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Origin under which the relay is reached, e.g. `https://kita.example`; may be repeated [default: the Host header].
    #[arg(
        long = "origin",
        global = true,
        env = "NESTPOST_ORIGIN",
        value_name = "URL",
        value_delimiter = ','
    )]
    pub origins: Vec<String>,
    /// Code that whoever founds a house must give [default: none, new houses are open].
    #[arg(long, global = true, env = "NESTPOST_SETUP_CODE", value_name = "CODE", hide_env_values = true)]
    pub setup_code: Option<String>,
    /// Form of the log on standard error [default: text].
    #[arg(long, global = true, env = "NESTPOST_LOG_FORMAT", value_enum, value_name = "FORMAT")]
    pub log_format: Option<LogFormat>,
    /// Bytes that one house may store [default: 16 GiB].
    #[arg(long, global = true, env = "NESTPOST_HOUSE_QUOTA_BYTES", value_name = "BYTES")]
    pub house_quota_bytes: Option<u64>,
}

impl Options {
    /// Merges command line, environment and file over the defaults, and checks the result.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn resolve(self) -> Result<Config, ConfigError> {
        let file = self.config.as_deref().map(File::read).transpose()?.unwrap_or_default();
        let defaults = Config::new(self.data.or(file.data).unwrap_or_else(|| PathBuf::from("nestpost-data")));
        let given = if self.origins.is_empty() { file.origins.unwrap_or_default() } else { self.origins };
        let origins = given
            .into_iter()
            .map(|origin| Origin::parse(&origin).ok_or(ConfigError::Origin { origin }))
            .collect::<Result<_, _>>()?;
        Config {
            listen: self.listen.or(file.listen).unwrap_or(defaults.listen),
            origins,
            setup_code: self.setup_code.map(SetupCode::new).or(file.setup_code),
            log_format: self.log_format.or(file.log_format).unwrap_or(defaults.log_format),
            house_quota_bytes: self
                .house_quota_bytes
                .or(file.house_quota_bytes)
                .unwrap_or(defaults.house_quota_bytes),
            database_pages_max: file.database_pages_max,
            dissolved_days: file.dissolved_days.unwrap_or(defaults.dissolved_days),
            limits: file.limits,
            data: defaults.data,
        }
        .check()
    }
}
