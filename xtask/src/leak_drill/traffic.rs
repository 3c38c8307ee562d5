//! Reads recorded connections: HTTP/1.1 messages and, after an upgrade, WebSocket frames with the browser's mask taken off. A
//! masked or compressed payload would hide everything.

use std::collections::HashSet;

use super::streams::decode;

/// What one connection carried.
#[derive(Debug, Default)]
pub(crate) struct Conversation {
    /// Heads, bodies (as sent, and unpacked) and payloads of one direction, one after another.
    pub(crate) sides: [Side; 2],
    /// WebSocket messages by the browser and by the relay.
    pub(crate) messages: [usize; 2],
    /// Bytes of the app's own files, known before anyone wrote anything: not searched.
    pub(crate) app_bytes: u64,
    /// What could not be read. Nothing may be.
    pub(crate) problems: Vec<&'static str>,
}

/// Bytes to search, and where in them something begins, ascending.
#[derive(Debug, Default)]
pub(crate) struct Side {
    pub(crate) bytes: Vec<u8>,
    pub(crate) starts: Vec<usize>,
}

impl Side {
    fn add(&mut self, part: &[u8]) {
        if !part.is_empty() {
            self.starts.push(self.bytes.len());
            self.bytes.extend_from_slice(part);
        }
    }
}

/// Contents of the app's own files.
#[derive(Debug, Default)]
pub(crate) struct AppFiles(pub(crate) HashSet<Vec<u8>>);

const BROWSER: usize = 0;
const RELAY: usize = 1;

/// Takes a connection apart. A connection that was cut off is read as far as it goes.
pub(crate) fn read(browser: &[u8], relay: &[u8], app: &AppFiles) -> Conversation {
    let mut conversation = Conversation::default();
    let (methods, is_upgraded, rest) = requests(browser, &mut conversation);
    let socket = responses(relay, &methods, app, &mut conversation);
    match (is_upgraded, socket) {
        (true, Some(socket)) => {
            frames(rest, BROWSER, &mut conversation);
            frames(socket, RELAY, &mut conversation);
        }
        // Refused, or no answer any more.
        (true, None) => conversation.add(BROWSER, rest),
        (false, Some(_)) => conversation.problems.push("an upgrade nobody asked for"),
        (false, None) => {}
    }
    conversation
}

impl Conversation {
    fn add(&mut self, side: usize, part: &[u8]) {
        if let Some(side) = self.sides.get_mut(side) {
            side.add(part);
        }
    }
}

struct Head<'a> {
    bytes: &'a [u8],
    first_line: &'a str,
    fields: Vec<(String, &'a str)>,
}

impl<'a> Head<'a> {
    /// The head that `bytes` begin with, and what follows it.
    fn split(bytes: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
        let (head, rest) = bytes.split_at_checked(end)?;
        let text = std::str::from_utf8(head).ok()?;
        let mut lines = text.split("\r\n");
        let first_line = lines.next()?;
        let fields = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim()))
            .collect();
        Some((Self { bytes: head, first_line, fields }, rest))
    }

    fn field(&self, name: &str) -> Option<&'a str> {
        self.fields.iter().find(|(known, _)| known == name).map(|(_, value)| *value)
    }

    fn length(&self) -> Option<usize> {
        self.field("content-length")?.parse().ok()
    }

    fn is_upgrade(&self) -> bool {
        self.field("upgrade").is_some_and(|value| value.eq_ignore_ascii_case("websocket"))
    }
}

/// Methods asked for, whether the last request asked for a WebSocket, and what follows it.
fn requests<'a>(mut bytes: &'a [u8], conversation: &mut Conversation) -> (Vec<&'a str>, bool, &'a [u8]) {
    let mut methods = Vec::new();
    while !bytes.is_empty() {
        let Some((head, rest)) = Head::split(bytes) else {
            conversation.problems.push("a request without an end");
            conversation.add(BROWSER, bytes);
            break;
        };
        conversation.add(BROWSER, head.bytes);
        methods.push(head.first_line.split(' ').next().unwrap_or_default());
        if head.is_upgrade() {
            return (methods, true, rest);
        }
        let (body, rest) = rest.split_at_checked(head.length().unwrap_or(0)).unwrap_or((rest, &[]));
        conversation.add(BROWSER, body);
        bytes = rest;
    }
    (methods, false, &[])
}

/// What follows the answer that opened a WebSocket.
fn responses<'a>(
    mut bytes: &'a [u8],
    methods: &[&str],
    app: &AppFiles,
    conversation: &mut Conversation,
) -> Option<&'a [u8]> {
    let mut methods = methods.iter();
    while !bytes.is_empty() {
        let Some((head, rest)) = Head::split(bytes) else {
            conversation.problems.push("an answer without an end");
            conversation.add(RELAY, bytes);
            return None;
        };
        conversation.add(RELAY, head.bytes);
        let status = head.first_line.split(' ').nth(1).unwrap_or_default();
        if status == "101" {
            if head.field("sec-websocket-extensions").is_some() {
                conversation.problems.push("a WebSocket with an extension: compressed frames cannot be read");
            }
            return Some(rest);
        }
        if status.starts_with('1') {
            bytes = rest;
            continue;
        }
        let is_head = methods.next().is_some_and(|method| *method == "HEAD");
        let (body, rest) = if is_head || status == "204" || status == "304" {
            (Vec::new(), rest)
        } else if head.field("transfer-encoding").is_some_and(|value| value.eq_ignore_ascii_case("chunked")) {
            chunks(rest, conversation)
        } else {
            let (body, rest) =
                head.length().and_then(|length| rest.split_at_checked(length)).unwrap_or((rest, &[]));
            (body.to_vec(), rest)
        };
        answer_body(&head, &body, app, conversation);
        bytes = rest;
    }
    None
}

fn answer_body(head: &Head<'_>, body: &[u8], app: &AppFiles, conversation: &mut Conversation) {
    let unpacked = match head.field("content-encoding") {
        None | Some("identity") => None,
        Some(encoding) => {
            let unpacked = decode(encoding, body);
            if unpacked.is_none() && !body.is_empty() {
                // A page that was closed cuts off what it was loading.
                let is_cut = head.length().is_some_and(|length| body.len() < length);
                if !is_cut {
                    conversation.problems.push("a body that does not unpack");
                }
            }
            unpacked
        }
    };
    if app.0.contains(unpacked.as_deref().unwrap_or(body)) {
        conversation.app_bytes += u64::try_from(body.len()).unwrap_or(u64::MAX);
        return;
    }
    conversation.add(RELAY, body);
    conversation.add(RELAY, unpacked.as_deref().unwrap_or_default());
}

fn chunks<'a>(mut bytes: &'a [u8], conversation: &mut Conversation) -> (Vec<u8>, &'a [u8]) {
    let mut body = Vec::new();
    loop {
        let size = bytes.windows(2).position(|window| window == b"\r\n").and_then(|end| {
            let line = std::str::from_utf8(bytes.get(..end)?).ok()?;
            let size = usize::from_str_radix(line.split(';').next()?.trim(), 16).ok()?;
            bytes = bytes.get(end + 2..)?;
            Some(size)
        });
        let Some(size) = size else {
            conversation.problems.push("a chunk without a length");
            conversation.add(RELAY, bytes);
            return (body, &[]);
        };
        let (chunk, rest) = bytes.split_at_checked(size).unwrap_or((bytes, &[]));
        body.extend_from_slice(chunk);
        bytes = rest.get(2..).unwrap_or_default();
        if size == 0 || bytes.is_empty() {
            return (body, bytes);
        }
    }
}

/// RFC 6455, section 5.2. A frame that was cut off counts as far as it goes.
fn frames(mut bytes: &[u8], side: usize, conversation: &mut Conversation) {
    let mut message = Vec::new();
    while let Some((frame, rest)) = Frame::split(bytes) {
        if frame.is_compressed {
            conversation.problems.push("a compressed frame");
        }
        if frame.is_masked != (side == BROWSER) {
            conversation.problems.push("a frame masked on the wrong side");
        }
        if frame.is_control {
            conversation.add(side, &frame.payload);
        } else {
            message.extend_from_slice(&frame.payload);
            if frame.is_last {
                conversation.add(side, &message);
                message.clear();
                if let Some(count) = conversation.messages.get_mut(side) {
                    *count += 1;
                }
            }
        }
        bytes = rest;
    }
    conversation.add(side, &message);
    // At most the head of a frame.
    conversation.add(side, bytes);
}

struct Frame {
    is_last: bool,
    is_control: bool,
    is_compressed: bool,
    is_masked: bool,
    payload: Vec<u8>,
}

impl Frame {
    fn split(bytes: &[u8]) -> Option<(Self, &[u8])> {
        let (&[first, second], rest) = bytes.split_first_chunk()?;
        let (length, rest) = match second & 0x7f {
            126 => {
                let (length, rest) = rest.split_first_chunk()?;
                (u64::from(u16::from_be_bytes(*length)), rest)
            }
            127 => {
                let (length, rest) = rest.split_first_chunk()?;
                (u64::from_be_bytes(*length), rest)
            }
            short => (u64::from(short), rest),
        };
        let is_masked = second & 0x80 != 0;
        let (mask, rest) = if is_masked { rest.split_first_chunk::<4>()? } else { (&[0; 4], rest) };
        let length = usize::try_from(length).ok()?;
        let (payload, rest) = rest.split_at_checked(length).unwrap_or((rest, &[]));
        let payload = payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask).collect();
        let frame = Self {
            is_last: first & 0x80 != 0,
            is_control: first & 0x08 != 0,
            is_compressed: first & 0x40 != 0,
            is_masked,
            payload,
        };
        Some((frame, rest))
    }
}

/// What a browser would send to put `payload` on a WebSocket.
pub(crate) fn masked_message(payload: &[u8]) -> Vec<u8> {
    const MASK: [u8; 4] = [0x9d, 0xe1, 0x5b, 0xc6];
    let mut bytes =
        b"GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n".to_vec();
    bytes.extend_from_slice(&[0x82, 0xff]);
    bytes.extend_from_slice(&u64::try_from(payload.len()).unwrap_or(u64::MAX).to_be_bytes());
    bytes.extend_from_slice(&MASK);
    bytes.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    bytes
}

/// A relay's answer to [`masked_message`].
pub(crate) const ACCEPTED: &[u8] =
    b"HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n";

#[cfg(test)]
mod tests {
    use super::{ACCEPTED, AppFiles, Conversation, masked_message, read};
    use crate::leak_drill::streams::tests::brotli;

    fn contains(conversation: &Conversation, side: usize, text: &str) -> bool {
        conversation.sides[side].bytes.windows(text.len()).any(|window| window == text.as_bytes())
    }

    fn answer(fields: &str, body: &[u8]) -> Vec<u8> {
        [format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n{fields}\r\n", body.len()).as_bytes(), body]
            .concat()
    }

    const ASK: &[u8] = b"GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n";

    #[test]
    fn mask_is_taken_off() {
        let browser = masked_message(b"from Emma Brandt");
        assert!(!browser.windows(4).any(|window| window == b"Emma"));
        let relay = [ACCEPTED, &[0x82, 6], b"sealed", &[0x02, 3], b"Emm", &[0x80, 8], b"a Brandt"].concat();
        let conversation = read(&browser, &relay, &AppFiles::default());
        assert!(contains(&conversation, 0, "from Emma Brandt"));
        assert!(contains(&conversation, 1, "Emma Brandt"), "fragments make one message");
        assert_eq!(conversation.messages, [1, 2]);
        assert!(conversation.problems.is_empty(), "{:?}", conversation.problems);
    }

    #[test]
    fn cut_off_frame_is_searched_as_far_as_it_goes() {
        let browser = masked_message(b"from Emma Brandt, Gasse 5");
        let conversation = read(&browser[..browser.len() - 4], ACCEPTED, &AppFiles::default());
        assert!(contains(&conversation, 0, "from Emma Brandt"));
    }

    #[test]
    fn bodies_are_unpacked_and_the_apps_own_files_left_out() {
        let app = AppFiles([b"the app".to_vec()].into());
        let browser = [ASK, ASK, ASK, b"POST /x HTTP/1.1\r\ncontent-length: 3\r\n\r\nabc"].concat();
        let relay = [
            answer("content-encoding: br\r\n", &brotli(b"the app")),
            answer("content-encoding: br\r\n", &brotli(b"to Emma Brandt to Emma Brandt")),
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nMas\r\n3;x\r\nern\r\n0\r\n\r\n"
                .to_vec(),
            answer("", b"plain"),
        ]
        .concat();
        let conversation = read(&browser, &relay, &app);
        assert!(contains(&conversation, 0, "abc"));
        assert!(!contains(&conversation, 1, "the app"));
        for text in ["Emma Brandt to Emma", "Masern", "plain"] {
            assert!(contains(&conversation, 1, text), "{text}");
        }
        assert!(conversation.app_bytes > 0);
        assert!(conversation.problems.is_empty(), "{:?}", conversation.problems);
    }

    #[test]
    fn what_cannot_be_read_is_a_problem_and_searched_as_it_is() {
        let app = AppFiles::default();
        let garbage = read(b"Emma Brandt", b"Masern", &app);
        assert_eq!(garbage.problems.len(), 2);
        assert!(contains(&garbage, 0, "Emma Brandt") && contains(&garbage, 1, "Masern"));
        let extended = b"HTTP/1.1 101 X\r\nsec-websocket-extensions: permessage-deflate\r\n\r\n";
        assert_eq!(read(&masked_message(b"x"), extended, &app).problems.len(), 1);
        let unpackable = read(ASK, &answer("content-encoding: gzip\r\n", b"no"), &app);
        assert_eq!(unpackable.problems, ["a body that does not unpack"]);
        assert!(
            !read(&masked_message(b"x"), &[ACCEPTED, &[0x82, 0x80, 0, 0, 0, 0]].concat(), &app)
                .problems
                .is_empty()
        );
    }
}
