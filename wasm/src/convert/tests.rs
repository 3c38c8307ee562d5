use data_encoding::HEXLOWER;
use nestpost_core::app::AppError;
use serde_json::Value;

use super::*;

const INPUTS: &str = include_str!("../../golden/inputs.json");
const OUTPUTS: &str = include_str!("../../golden/outputs.json");

/// The golden files write bytes as hex under these names; JSON has no bytes.
fn is_bytes(name: &str) -> bool {
    matches!(name, "bytes" | "key" | "value")
}

fn walk(value: &mut Value, change: &dyn Fn(&Value) -> Option<Value>) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(|one| walk(one, change)),
        Value::Object(fields) => {
            for (name, field) in fields.iter_mut() {
                match change(field).filter(|_| is_bytes(name)) {
                    Some(changed) => *field = changed,
                    None => walk(field, change),
                }
            }
        }
        _ => {}
    }
}

fn hexed(mut value: Value) -> Value {
    walk(&mut value, &|field| {
        let bytes: Vec<u8> = field
            .as_array()?
            .iter()
            .map(|n| n.as_u64().and_then(|n| n.try_into().ok()))
            .collect::<Option<_>>()?;
        Some(HEXLOWER.encode(&bytes).into())
    });
    value
}

fn unhexed(mut value: Value) -> Value {
    walk(&mut value, &|field| Some(HEXLOWER.decode(field.as_str()?.as_bytes()).ok()?.into()));
    value
}

#[test]
fn inputs_are_read_as_the_golden_file_has_them() {
    let golden: Vec<Value> = serde_json::from_str(INPUTS).unwrap();
    let mut seen = nestpost_protocol::sorted::SortedSet::new();
    for value in golden {
        let input: InputIn =
            serde_json::from_value(unhexed(value.clone())).unwrap_or_else(|e| panic!("{value}: {e}"));
        assert_eq!(hexed(serde_json::to_value(&input).unwrap()), value);
        // A new variant does not compile here until it has a place in the golden file.
        seen.insert(match Input::from(input) {
            Input::Stored(id) => (0, id),
            Input::StoreFailed(id) => (1, id),
            Input::LinkUp => (2, 0),
            Input::LinkDown => (3, 0),
            Input::Received(bytes) => (4, u64::from(bytes == [0, 0xff, 0x10])),
            Input::Command { id, command: Command::PostBulletin { group: None, .. } } => (5, id),
            Input::Command { id, command: Command::CreateInvite { valid_days: 14, .. } } => (5, id),
            Input::Command { id, command: Command::ConfirmSheetPrinted(_) } => (5, id),
            Input::Command { .. } => (5, 0),
            Input::Tick => (6, 0),
            Input::TicketWanted => (7, 0),
        });
    }
    let expected = [(0, 7), (1, 8), (2, 0), (3, 0), (4, 1), (5, 9), (5, 10), (5, 11), (6, 0), (7, 0)];
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), expected);
}

#[test]
fn outputs_are_written_as_the_golden_file_has_them() {
    let writes = vec![
        Write::put(Table::Pending, vec![0, 0, 0, 0, 0, 0, 0, 1], vec![0xc0, 0xff, 0xee]),
        Write::delete(Table::Outbox, vec![0]),
    ];
    let outputs = [
        Output::Store { id: 7, writes },
        Output::Send(vec![0, 0xff, 0x10]),
        Output::Close,
        Output::Done { id: 9, result: Ok(Reply::Id { id: "000102030405060708090a0b0c0d0e0f".to_owned() }) },
        Output::Done { id: 10, result: Ok(Reply::Done {}) },
        Output::Done { id: 11, result: Err(AppError::TooLong) },
        Output::Changed,
        Output::Ticket(vec![0xc0, 0xff, 0xee]),
        Output::Idle { until: Some(Timestamp::from_millis(1_795_543_200_000)) },
        Output::Idle { until: None },
        Output::Restart,
    ];
    let written: Vec<Value> = outputs
        .into_iter()
        .map(|output| hexed(serde_json::to_value(OutputOut::from(output)).unwrap()))
        .collect();
    assert_eq!(written, serde_json::from_str::<Vec<Value>>(OUTPUTS).unwrap());
}

#[test]
fn secrets_keep_their_bytes() {
    let secrets = SecretsIn { seed: [1; 32], local: [2; 32] };
    let back: SecretsIn = serde_json::from_value(serde_json::to_value(&secrets).unwrap()).unwrap();
    assert_eq!((back.seed, back.local), ([1; 32], [2; 32]));
    assert!(serde_json::from_value::<SecretsIn>(serde_json::json!({"seed": [1, 2], "local": [3]})).is_err());
}

#[test]
fn rows_of_unknown_tables_are_refused() {
    let row = |table: &str| RowIn { table: table.to_owned(), key: ByteBuf::new(), value: ByteBuf::new() };
    assert!(Table::ALL.iter().all(|table| Loaded::try_from(row(table.name())).is_ok()));
    assert_eq!(Loaded::try_from(row("other")).err(), Some(SHAPE));
}
