/**
 * @file One sample of everything that crosses the edge, as `core` writes it. Made by core's tests
 * (`NESTPOST_BLESS=1 cargo test -p nestpost-core golden`); the type check holds it against the contract.
 */
import type { Commands, ErrorCode, InviteGreeting, Queries } from './contract';
import type { HostCommands, MediaIndexed, MediaRefs, TransferEdge } from './edge';

// prettier-ignore
export const commands = {
  "add_device": {
    "args": {
      "answer": "a2"
    },
    "result": {}
  },
  "add_guardian_to_child": {
    "args": {
      "child": "0123456789abcdef0123456789abcdef",
      "person": "0123456789abcdef0123456789abcdef"
    },
    "result": {}
  },
  "agree": {
    "args": {
      "proposal": "0123456789abcdef0123456789abcdef"
    },
    "result": {}
  },
  "attend": {
    "args": {
      "child": "0123456789abcdef0123456789abcdef",
      "day": "2026-11-21",
      "event": "none"
    },
    "result": {
      "id": "0123456789abcdef0123456789abcdef"
    }
  },
  "cancel_plan": {
    "args": {
      "plan": "0123456789abcdef0123456789abcdef"
    },
    "result": {}
  },
  "child_leaves": {
    "args": {
      "child": "0123456789abcdef0123456789abcdef"
    },
    "result": {}
  },
  "close_intake": {
    "args": {},
    "result": {}
  },
  "confirm_join": {
    "args": {
      "join": "0123456789abcdef0123456789abcdef"
    },
    "result": {}
  },
  "confirm_move": {
    "args": {},
    "result": {
      "proposal": "0123456789abcdef0123456789abcdef"
    }
  },
  "confirm_sheet_printed": {
    "args": {},
    "result": {}
  },
  "create_child": {
    "args": {
      "group": "0123456789abcdef0123456789abcdef",
      "name": "Text"
    },
    "result": {
      "id": "0123456789abcdef0123456789abcdef"
    }
  },
  "create_council": {
    "args": {
      "members": [
        "0123456789abcdef0123456789abcdef"
      ]
    },
    "result": {
      "id": "0123456789abcdef0123456789abcdef"
    }
  },
  "create_group": {
    "args": {
      "name": "Text",
      "symbol": "ladybird"
    },
    "result": {
      "id": "0123456789abcdef0123456789abcdef"
    }
  },
  "create_guarded": {
    "args": {
      "members": [
        "0123456789abcdef0123456789abcdef"
      ],
      "name": "Text"
    },
    "result": {
      "id": "0123456789abcdef0123456789abcdef"
    }
  },
  "create_guardian": {
    "args": {
      "child": "0123456789abcdef0123456789abcdef",
      "name": "Text",
      "relation": {
        "collect": true,
        "custody": "joint",
        "information": true,
        "livesWith": true
      }
    },
    "result": {
      "person": "0123456789abcdef0123456789abcdef"
    }
  },
  "create_intake": {
    "args": {},
    "result": {}
  },
  "create_invite": {
    "args": {
      "person": "0123456789abcdef0123456789abcdef",
      "validDays": 14
    },
    "result": {
      "childNames": [
        "Mila"
      ],
      "code": "CODE",
      "fingerprint": "AAAA-BBBB-CCCC-DDDD",
      "helpLine": "0341",
      "houseName": "Spatzennest",
      "invite": "0123456789abcdef0123456789abcdef",
      "link": "https://kita.example/#j=HOUSE.CODE",
      "person": "0123456789abcdef0123456789abcdef",
      "personName": "Maren",
      "qrSvg": "<svg></svg>",
      "role": "director",
      "validUntil": 1795243200000
    }
  },
  "create_protected": {
    "args": {
      "child": "0123456789abcdef0123456789abcdef",
      "contacts": [
        {
          "child": "0123456789abcdef0123456789abcdef",
          "contacts": "Maren 0341 1"
        }
      ],
      "name": "Text",
      "named": [
        "0123456789abcdef0123456789abcdef"
      ],
      "untimed": true
    },
    "result": {
      "person": "0123456789abcdef0123456789abcdef"
    }
  },
  "create_staff": {
    "args": {
      "groups": [
        "0123456789abcdef0123456789abcdef"
      ],
      "name": "Text",
      "role": "educator",
      "until": "2026-11-21"
    },
    "result": {
      "person": "0123456789abcdef0123456789abcdef"
    }
  },
  "decline": {
    "args": {
      "proposal": "0123456789abcdef0123456789abcdef"
    },
    "result": {}
  },
  "decline_join": {
    "args": {
      "join": "0123456789abcdef0123456789abcdef"
    },
    "result": {}
  },
  "delete_inquiry": {
    "args": {
      "inquiry": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    },
    "result": {}
  },
  "describe_picture": {
    "args": {
      "alt": "Text",
      "id": "0123456789abcdef0123456789abcdef"
    },
    "result": {}
  },
  "dissolve_house": {
    "args": {
      "sheet": "CODE"
    },
    "result": {}
  },
  "draw_sheet": {
    "args": {},
    "result": {
      "code": "CODE",
      "createdAt": 1795243200000,
      "fingerprint": "AAAA-BBBB-CCCC-DDDD",
      "house": "HOUSE",
      "houseName": "Spatzennest",
      "personName": "Ada",
      "qrSvg": "<svg></svg>"
    }
  },
  "end_device": {
    "args": {
      "device": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    },
    "result": {
      "proposal": "0123456789abcdef0123456789abcdef"
    }
  },
  "end_place": {
    "args": {
      "place": "0123456789abcdef0123456789abcdef"
    },
    "result": {}
  },
  "erase_item": {
    "args": {
      "item": "0123456789abcdef0123456789abcdef"
    },
    "result": {}
  },
  "forget_overtaken": {
    "args": {
      "id": 7
    },
    "result": {}
  },
  "grant_pin": {
    "args": {
      "place": "0123456789abcdef0123456789abcdef",
      "validDays": 14
    },
    "result": {
      "childNames": [
        "Mila"
      ],
      "code": "CODE",
      "fingerprint": "AAAA-BBBB-CCCC-DDDD",
      "helpLine": "0341",
      "houseName": "Spatzennest",
      "invite": "0123456789abcdef0123456789abcdef",
      "link": "https://kita.example/#j=HOUSE.CODE",
      "person": "0123456789abcdef0123456789abcdef",
      "personName": "Maren",
      "qrSvg": "<svg></svg>",
      "role": "director",
      "validUntil": 1795243200000
    }
  },
  "horizon": {
    "args": {
      "circle": "0123456789abcdef0123456789abcdef"
    },
    "result": {}
  },
  "mark_seen": {
    "args": {
      "items": [
        "0123456789abcdef0123456789abcdef"
      ]
    },
    "result": {}
  },
  "move_child": {
    "args": {
      "child": "0123456789abcdef0123456789abcdef",
      "group": "0123456789abcdef0123456789abcdef"
    },
    "result": {}
  },
  "name_device": {
    "args": {
      "device": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
      "name": "Telefon"
    },
    "result": {}
  },
  "pair_device": {
    "args": {
      "name": "Telefon"
    },
    "result": {
      "childNames": [
        "Mila"
      ],
      "code": "CODE",
      "fingerprint": "AAAA-BBBB-CCCC-DDDD",
      "helpLine": "0341",
      "houseName": "Spatzennest",
      "invite": "0123456789abcdef0123456789abcdef",
      "link": "https://kita.example/#j=HOUSE.CODE",
      "person": "0123456789abcdef0123456789abcdef",
      "personName": "Maren",
      "qrSvg": "<svg></svg>",
      "role": "director",
      "validUntil": 1795243200000
    }
  },
  "pause_media": {
    "args": {
      "paused": true
    },
    "result": {}
  },
  "plan_end": {
    "args": {
      "day": "2026-11-21",
      "person": "0123456789abcdef0123456789abcdef"
    },
    "result": {
      "id": "0123456789abcdef0123456789abcdef"
    }
  },
  "plan_guardian": {
    "args": {
      "child": "0123456789abcdef0123456789abcdef",
      "day": "2026-11-21",
      "person": "0123456789abcdef0123456789abcdef",
      "relation": {
        "collect": false,
        "custody": "none",
        "information": true,
        "livesWith": false
      }
    },
    "result": {
      "id": "0123456789abcdef0123456789abcdef"
    }
  },
  "plan_leave": {
    "args": {
      "child": "0123456789abcdef0123456789abcdef",
      "day": "2026-11-21"
    },
    "result": {
      "id": "0123456789abcdef0123456789abcdef"
    }
  },
  "plan_move": {
    "args": {
      "child": "0123456789abcdef0123456789abcdef",
      "day": "2026-11-21",
      "group": "0123456789abcdef0123456789abcdef"
    },
    "result": {
      "id": "0123456789abcdef0123456789abcdef"
    }
  },
  "post_bulletin": {
    "args": {
      "body": "Text",
      "group": null,
      "set": "0123456789abcdef0123456789abcdef",
      "title": "Text"
    },
    "result": {
      "id": "0123456789abcdef0123456789abcdef"
    }
  },
  "post_note": {
    "args": {
      "body": "Text",
      "circle": "0123456789abcdef0123456789abcdef",
      "title": "Text"
    },
    "result": {
      "id": "0123456789abcdef0123456789abcdef"
    }
  },
  "protect_guardian": {
    "args": {
      "child": "0123456789abcdef0123456789abcdef",
      "contacts": [
        {
          "child": "0123456789abcdef0123456789abcdef",
          "contacts": "Maren 0341 1"
        }
      ],
      "named": [
        "0123456789abcdef0123456789abcdef"
      ],
      "on": true,
      "person": "0123456789abcdef0123456789abcdef",
      "untimed": true
    },
    "result": {}
  },
  "readmit_person": {
    "args": {
      "person": "0123456789abcdef0123456789abcdef"
    },
    "result": {}
  },
  "recovery_sheet": {
    "args": {},
    "result": {
      "code": "CODE",
      "createdAt": 1795243200000,
      "fingerprint": "AAAA-BBBB-CCCC-DDDD",
      "house": "HOUSE",
      "houseName": "Spatzennest",
      "qrSvg": "<svg></svg>"
    }
  },
  "remove_item": {
    "args": {
      "item": "0123456789abcdef0123456789abcdef"
    },
    "result": {}
  },
  "remove_media": {
    "args": {
      "id": "0123456789abcdef0123456789abcdef"
    },
    "result": {}
  },
  "remove_person": {
    "args": {
      "person": "0123456789abcdef0123456789abcdef",
      "sheet": "CODE"
    },
    "result": {}
  },
  "renew_sheet": {
    "args": {
      "code": "CODE"
    },
    "result": {
      "id": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    }
  },
  "report_absence": {
    "args": {
      "child": "0123456789abcdef0123456789abcdef",
      "from": "2026-11-21",
      "kind": "sick",
      "note": "Text",
      "to": "2026-11-21"
    },
    "result": {
      "id": "0123456789abcdef0123456789abcdef"
    }
  },
  "restrict_item": {
    "args": {
      "item": "0123456789abcdef0123456789abcdef",
      "on": true
    },
    "result": {}
  },
  "retry_media": {
    "args": {
      "id": "0123456789abcdef0123456789abcdef"
    },
    "result": {}
  },
  "retry_unsent": {
    "args": {},
    "result": {}
  },
  "revoke_invite": {
    "args": {
      "invite": "0123456789abcdef0123456789abcdef"
    },
    "result": {}
  },
  "send_message": {
    "args": {
      "set": "0123456789abcdef0123456789abcdef",
      "text": "Text",
      "thread": "0123456789abcdef0123456789abcdef"
    },
    "result": {
      "id": "0123456789abcdef0123456789abcdef"
    }
  },
  "set_care": {
    "args": {
      "allergies": "Text",
      "child": "0123456789abcdef0123456789abcdef",
      "contacts": "Text",
      "untimed": true
    },
    "result": {}
  },
  "set_guardian": {
    "args": {
      "child": "0123456789abcdef0123456789abcdef",
      "person": "0123456789abcdef0123456789abcdef",
      "relation": {
        "collect": false,
        "custody": "none",
        "information": true,
        "livesWith": false
      }
    },
    "result": {}
  },
  "share_picture": {
    "args": {
      "id": "0123456789abcdef0123456789abcdef",
      "to": {
        "child": "0123456789abcdef0123456789abcdef"
      }
    },
    "result": {}
  },
  "take_inquiry": {
    "args": {
      "inquiry": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    },
    "result": {}
  },
  "update_house": {
    "args": {
      "helpLine": "Text",
      "name": "Text",
      "notice": "Text"
    },
    "result": {}
  },
  "withdraw_absence": {
    "args": {
      "absence": "0123456789abcdef0123456789abcdef"
    },
    "result": {}
  }
} satisfies { [K in keyof Commands]: Pick<Commands[K], 'args' | 'result'> };

// prettier-ignore
export const queries = {
  "absences": {
    "args": {
      "child": "0123456789abcdef0123456789abcdef"
    },
    "result": [
      {
        "at": 1795243200000,
        "by": "house",
        "byName": "Maren",
        "child": "0123456789abcdef0123456789abcdef",
        "from": "2026-11-21",
        "id": "0123456789abcdef0123456789abcdef",
        "kind": "sick",
        "note": "Fieber",
        "state": "house",
        "to": "2026-11-21",
        "withdrawn": false
      }
    ]
  },
  "admin_log": {
    "args": {},
    "result": [
      {
        "about": {
          "child": "0123456789abcdef0123456789abcdef",
          "childName": "Mila",
          "group": "0123456789abcdef0123456789abcdef",
          "groupName": "Igel",
          "person": "0123456789abcdef0123456789abcdef",
          "personName": "Maren"
        },
        "after": 1795243200000,
        "agreedBy": [
          "Dora"
        ],
        "agreedBySheet": true,
        "at": 1795243200000,
        "by": "Ada",
        "byPerson": "0123456789abcdef0123456789abcdef",
        "bySheet": false,
        "carriedOutBy": "Eva",
        "device": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "role": "guardian",
        "seq": 7,
        "what": "role_given"
      },
      {
        "about": {},
        "agreedBy": [],
        "agreedBySheet": false,
        "by": "Ada",
        "bySheet": false,
        "seq": 7,
        "what": "founded"
      },
      {
        "about": {},
        "agreedBy": [],
        "agreedBySheet": false,
        "by": "Ada",
        "bySheet": false,
        "seq": 7,
        "what": "role_ended"
      },
      {
        "about": {},
        "agreedBy": [],
        "agreedBySheet": false,
        "by": "Ada",
        "bySheet": false,
        "seq": 7,
        "what": "invited"
      },
      {
        "about": {},
        "agreedBy": [],
        "agreedBySheet": false,
        "by": "Ada",
        "bySheet": false,
        "seq": 7,
        "what": "invite_ended"
      },
      {
        "about": {},
        "agreedBy": [],
        "agreedBySheet": false,
        "by": "Ada",
        "bySheet": false,
        "seq": 7,
        "what": "confirmed"
      },
      {
        "about": {},
        "agreedBy": [],
        "agreedBySheet": false,
        "by": "Ada",
        "bySheet": false,
        "seq": 7,
        "what": "device_added"
      },
      {
        "about": {},
        "agreedBy": [],
        "agreedBySheet": false,
        "by": "Ada",
        "bySheet": false,
        "seq": 7,
        "what": "device_ended"
      },
      {
        "about": {},
        "agreedBy": [],
        "agreedBySheet": false,
        "by": "Ada",
        "bySheet": false,
        "seq": 7,
        "what": "group_made"
      },
      {
        "about": {},
        "agreedBy": [],
        "agreedBySheet": false,
        "by": "Ada",
        "bySheet": false,
        "seq": 7,
        "what": "child_made"
      },
      {
        "about": {},
        "agreedBy": [],
        "agreedBySheet": false,
        "by": "Ada",
        "bySheet": false,
        "seq": 7,
        "what": "guarded_made"
      },
      {
        "about": {},
        "agreedBy": [],
        "agreedBySheet": false,
        "by": "Ada",
        "bySheet": false,
        "seq": 7,
        "what": "council_made"
      },
      {
        "about": {},
        "agreedBy": [],
        "agreedBySheet": false,
        "by": "Ada",
        "bySheet": false,
        "seq": 7,
        "what": "thread_made"
      },
      {
        "about": {},
        "agreedBy": [],
        "agreedBySheet": false,
        "by": "Ada",
        "bySheet": false,
        "seq": 7,
        "what": "thread_ended"
      },
      {
        "about": {},
        "agreedBy": [],
        "agreedBySheet": false,
        "by": "Ada",
        "bySheet": false,
        "seq": 7,
        "what": "reads_child"
      },
      {
        "about": {},
        "agreedBy": [],
        "agreedBySheet": false,
        "by": "Ada",
        "bySheet": false,
        "seq": 7,
        "what": "reads_child_ended"
      },
      {
        "about": {},
        "agreedBy": [],
        "agreedBySheet": false,
        "by": "Ada",
        "bySheet": false,
        "seq": 7,
        "what": "in_group"
      },
      {
        "about": {},
        "agreedBy": [],
        "agreedBySheet": false,
        "by": "Ada",
        "bySheet": false,
        "seq": 7,
        "what": "in_group_ended"
      },
      {
        "about": {},
        "agreedBy": [],
        "agreedBySheet": false,
        "by": "Ada",
        "bySheet": false,
        "seq": 7,
        "what": "child_in_group"
      },
      {
        "about": {},
        "agreedBy": [],
        "agreedBySheet": false,
        "by": "Ada",
        "bySheet": false,
        "seq": 7,
        "what": "child_in_group_ended"
      },
      {
        "about": {},
        "agreedBy": [],
        "agreedBySheet": false,
        "by": "Ada",
        "bySheet": false,
        "seq": 7,
        "what": "in_guarded"
      },
      {
        "about": {},
        "agreedBy": [],
        "agreedBySheet": false,
        "by": "Ada",
        "bySheet": false,
        "seq": 7,
        "what": "in_guarded_ended"
      },
      {
        "about": {},
        "agreedBy": [],
        "agreedBySheet": false,
        "by": "Ada",
        "bySheet": false,
        "seq": 7,
        "what": "in_council"
      },
      {
        "about": {},
        "agreedBy": [],
        "agreedBySheet": false,
        "by": "Ada",
        "bySheet": false,
        "seq": 7,
        "what": "in_council_ended"
      },
      {
        "about": {},
        "agreedBy": [],
        "agreedBySheet": false,
        "by": "Ada",
        "bySheet": false,
        "seq": 7,
        "what": "protected"
      },
      {
        "about": {},
        "agreedBy": [],
        "agreedBySheet": false,
        "by": "Ada",
        "bySheet": false,
        "seq": 7,
        "what": "protection_ended"
      },
      {
        "about": {},
        "agreedBy": [],
        "agreedBySheet": false,
        "by": "Ada",
        "bySheet": false,
        "seq": 7,
        "what": "goes_on"
      },
      {
        "about": {},
        "agreedBy": [],
        "agreedBySheet": false,
        "by": "Ada",
        "bySheet": false,
        "seq": 7,
        "what": "moved"
      },
      {
        "about": {},
        "agreedBy": [],
        "agreedBySheet": false,
        "by": "Ada",
        "bySheet": false,
        "seq": 7,
        "what": "dissolved"
      }
    ]
  },
  "boards": {
    "args": {},
    "result": {
      "boards": [
        {
          "id": "0123456789abcdef0123456789abcdef",
          "last": {
            "at": 1795243200000,
            "author": "Eva",
            "body": "Text",
            "id": "0123456789abcdef0123456789abcdef",
            "mine": false,
            "state": "relay",
            "title": "Titel"
          },
          "mayWrite": true,
          "members": [],
          "name": "Mila",
          "sort": "staff"
        },
        {
          "id": "0123456789abcdef0123456789abcdef",
          "mayWrite": true,
          "members": [],
          "name": "Mila",
          "sort": "council"
        },
        {
          "id": "0123456789abcdef0123456789abcdef",
          "mayWrite": true,
          "members": [
            {
              "name": "Maren",
              "person": "0123456789abcdef0123456789abcdef",
              "role": "guardian"
            }
          ],
          "name": "Mila",
          "protects": "0123456789abcdef0123456789abcdef",
          "sort": "guarded"
        },
        {
          "id": "0123456789abcdef0123456789abcdef",
          "mayWrite": false,
          "members": [],
          "name": "Mila",
          "sort": "child"
        }
      ],
      "mayMakeCouncil": true
    }
  },
  "bulletins": {
    "args": {},
    "result": [
      {
        "at": 1795243200000,
        "audience": "group",
        "author": "Eva",
        "body": "Freitag",
        "groupName": "Igel",
        "id": "0123456789abcdef0123456789abcdef",
        "media": {
          "files": [
            {
              "at": 1795243200000,
              "bytes": 123456,
              "id": "0123456789abcdef0123456789abcdef",
              "mayRemove": true,
              "mine": true,
              "name": "Speiseplan.pdf",
              "set": "0123456789abcdef0123456789abcdef",
              "state": "relay"
            }
          ],
          "pictures": [
            {
              "alt": "Laternen",
              "at": 1795243200000,
              "audience": "group",
              "audienceName": "Igel",
              "author": "Eva",
              "hash": "3807",
              "height": 1200,
              "id": "0123456789abcdef0123456789abcdef",
              "mayDownload": false,
              "mayRemove": true,
              "mayShare": true,
              "mine": true,
              "set": "0123456789abcdef0123456789abcdef",
              "sharedWith": [
                "Mila"
              ],
              "state": "relay",
              "width": 1600
            }
          ]
        },
        "mine": true,
        "read": false,
        "seenByFamilies": 3,
        "state": "relay",
        "title": "Laternenfest"
      }
    ]
  },
  "confirmed_lately": {
    "args": {},
    "result": [
      {
        "at": 1795243200000,
        "by": "Ada",
        "byPerson": "0123456789abcdef0123456789abcdef",
        "byRemoved": true,
        "children": [
          {
            "id": "0123456789abcdef0123456789abcdef",
            "name": "Mila"
          }
        ],
        "device": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "deviceEnded": false,
        "how": "met",
        "name": "Maren",
        "person": "0123456789abcdef0123456789abcdef",
        "role": "guardian"
      },
      {
        "by": "Ada",
        "byPerson": "0123456789abcdef0123456789abcdef",
        "byRemoved": false,
        "children": [
          {
            "id": "0123456789abcdef0123456789abcdef",
            "name": "Mila"
          }
        ],
        "device": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "deviceEnded": true,
        "how": "own",
        "name": "Maren",
        "person": "0123456789abcdef0123456789abcdef",
        "role": "guardian"
      },
      {
        "by": "",
        "byRemoved": false,
        "children": [
          {
            "id": "0123456789abcdef0123456789abcdef",
            "name": "Mila"
          }
        ],
        "device": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "deviceEnded": true,
        "how": "sheet",
        "name": "Maren",
        "person": "0123456789abcdef0123456789abcdef",
        "role": "guardian"
      }
    ]
  },
  "devices": {
    "args": {
      "person": "0123456789abcdef0123456789abcdef"
    },
    "result": [
      {
        "device": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "ended": false,
        "sheet": false,
        "this": true
      },
      {
        "device": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "ended": true,
        "name": "Telefon",
        "printedAt": 1795243200000,
        "sheet": true,
        "this": false
      }
    ]
  },
  "director_home": {
    "args": {
      "day": "2026-11-21"
    },
    "result": {
      "groups": [
        {
          "away": 1,
          "children": [
            {
              "absences": [
                {
                  "at": 1795243200000,
                  "by": "me",
                  "byName": "Maren",
                  "child": "0123456789abcdef0123456789abcdef",
                  "from": "2026-11-21",
                  "id": "0123456789abcdef0123456789abcdef",
                  "kind": "sick",
                  "note": "Fieber",
                  "state": "house",
                  "to": "2026-11-21",
                  "withdrawn": false
                }
              ],
              "allergies": "Nüsse",
              "attendance": {
                "marks": [
                  {
                    "at": 1795243200000,
                    "event": "came",
                    "state": "relay"
                  },
                  {
                    "event": "left",
                    "state": "local"
                  }
                ],
                "presence": "left"
              },
              "id": "0123456789abcdef0123456789abcdef",
              "name": "Mila",
              "status": "expected"
            },
            {
              "absences": [
                {
                  "at": 1795243200000,
                  "by": "me",
                  "byName": "Maren",
                  "child": "0123456789abcdef0123456789abcdef",
                  "from": "2026-11-21",
                  "id": "0123456789abcdef0123456789abcdef",
                  "kind": "sick",
                  "note": "Fieber",
                  "state": "house",
                  "to": "2026-11-21",
                  "withdrawn": false
                }
              ],
              "attendance": {
                "marks": [
                  {
                    "at": 1795243200000,
                    "event": "came",
                    "state": "relay"
                  },
                  {
                    "event": "left",
                    "state": "local"
                  }
                ],
                "presence": "left"
              },
              "id": "0123456789abcdef0123456789abcdef",
              "name": "Mila",
              "status": "sick"
            },
            {
              "absences": [
                {
                  "at": 1795243200000,
                  "by": "me",
                  "byName": "Maren",
                  "child": "0123456789abcdef0123456789abcdef",
                  "from": "2026-11-21",
                  "id": "0123456789abcdef0123456789abcdef",
                  "kind": "sick",
                  "note": "Fieber",
                  "state": "house",
                  "to": "2026-11-21",
                  "withdrawn": false
                }
              ],
              "attendance": {
                "marks": [
                  {
                    "at": 1795243200000,
                    "event": "came",
                    "state": "relay"
                  },
                  {
                    "event": "left",
                    "state": "local"
                  }
                ],
                "presence": "left"
              },
              "id": "0123456789abcdef0123456789abcdef",
              "name": "Mila",
              "status": "away"
            }
          ],
          "day": "2026-11-21",
          "expected": 1,
          "group": {
            "childCount": 1,
            "id": "0123456789abcdef0123456789abcdef",
            "name": "Igel",
            "symbol": "hedgehog"
          },
          "sick": 1
        }
      ],
      "joins": [
        {
          "at": 1795243200000,
          "childNames": [
            "Mila"
          ],
          "device": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
          "digits": [
            "012",
            "012",
            "012",
            "012",
            "012",
            "012"
          ],
          "id": "0123456789abcdef0123456789abcdef",
          "name": "Maren",
          "person": "0123456789abcdef0123456789abcdef",
          "role": "educator"
        }
      ],
      "openInvites": 1,
      "unread": [
        {
          "child": "0123456789abcdef0123456789abcdef",
          "childName": "Mila",
          "ended": false,
          "groupName": "Igel",
          "guardianName": "Maren",
          "id": "0123456789abcdef0123456789abcdef",
          "last": {
            "absence": {
              "at": 1795243200000,
              "by": "me",
              "byName": "Maren",
              "child": "0123456789abcdef0123456789abcdef",
              "from": "2026-11-21",
              "id": "0123456789abcdef0123456789abcdef",
              "kind": "sick",
              "note": "Fieber",
              "state": "house",
              "to": "2026-11-21",
              "withdrawn": false
            },
            "at": 1795243200000,
            "author": "Maren",
            "id": "0123456789abcdef0123456789abcdef",
            "media": {
              "files": [
                {
                  "at": 1795243200000,
                  "bytes": 123456,
                  "id": "0123456789abcdef0123456789abcdef",
                  "mayRemove": true,
                  "mine": true,
                  "name": "Speiseplan.pdf",
                  "set": "0123456789abcdef0123456789abcdef",
                  "state": "relay"
                }
              ],
              "pictures": [
                {
                  "alt": "Laternen",
                  "at": 1795243200000,
                  "audience": "group",
                  "audienceName": "Igel",
                  "author": "Eva",
                  "hash": "3807",
                  "height": 1200,
                  "id": "0123456789abcdef0123456789abcdef",
                  "mayDownload": false,
                  "mayRemove": true,
                  "mayShare": true,
                  "mine": true,
                  "set": "0123456789abcdef0123456789abcdef",
                  "sharedWith": [
                    "Mila"
                  ],
                  "state": "relay",
                  "width": 1600
                }
              ]
            },
            "mine": true,
            "seenAt": 1795243200000,
            "side": "guardian",
            "state": "house",
            "text": "Hallo"
          },
          "unread": 1
        }
      ]
    }
  },
  "emergency_list": {
    "args": {
      "group": "0123456789abcdef0123456789abcdef"
    },
    "result": [
      {
        "allergies": "Nüsse",
        "apart": "Falk 0341 2",
        "contacts": "Maren 0341 1",
        "id": "0123456789abcdef0123456789abcdef",
        "name": "Mila",
        "untimed": false
      }
    ]
  },
  "erasures": {
    "args": {},
    "result": {
      "erased": [
        {
          "at": 1795243200000,
          "by": "Ada",
          "count": 2,
          "place": "thread",
          "placeName": "Maren",
          "second": "Eva"
        },
        {
          "by": "Ada",
          "count": 2,
          "place": "thread",
          "placeName": "Maren"
        }
      ],
      "restricted": [
        {
          "at": 1795243200000,
          "author": "Eva",
          "item": "0123456789abcdef0123456789abcdef",
          "kind": "message",
          "mine": false,
          "place": "council",
          "placeName": "Igel",
          "said": [
            {
              "at": 1795243200000,
              "mine": true,
              "name": "Ada"
            },
            {
              "at": 1795243200000,
              "mine": false,
              "name": "Ada"
            }
          ],
          "text": "Text"
        },
        {
          "at": 1795243200000,
          "author": "Eva",
          "item": "0123456789abcdef0123456789abcdef",
          "kind": "message",
          "mine": false,
          "place": "guarded",
          "placeName": "Igel",
          "said": [
            {
              "at": 1795243200000,
              "mine": true,
              "name": "Ada"
            },
            {
              "at": 1795243200000,
              "mine": false,
              "name": "Ada"
            }
          ],
          "text": "Text"
        }
      ],
      "wished": [
        {
          "at": 1795243200000,
          "author": "Eva",
          "item": "0123456789abcdef0123456789abcdef",
          "kind": "bulletin",
          "mine": false,
          "place": "house",
          "placeName": "Igel",
          "said": [
            {
              "at": 1795243200000,
              "mine": true,
              "name": "Ada"
            },
            {
              "at": 1795243200000,
              "mine": false,
              "name": "Ada"
            }
          ],
          "text": "Text"
        },
        {
          "at": 1795243200000,
          "author": "Eva",
          "item": "0123456789abcdef0123456789abcdef",
          "kind": "note",
          "mine": false,
          "place": "child",
          "placeName": "Igel",
          "said": [
            {
              "at": 1795243200000,
              "mine": true,
              "name": "Ada"
            },
            {
              "at": 1795243200000,
              "mine": false,
              "name": "Ada"
            }
          ],
          "text": "Text"
        },
        {
          "at": 1795243200000,
          "author": "Eva",
          "item": "0123456789abcdef0123456789abcdef",
          "kind": "picture",
          "mine": false,
          "place": "group",
          "placeName": "Igel",
          "said": [
            {
              "at": 1795243200000,
              "mine": true,
              "name": "Ada"
            },
            {
              "at": 1795243200000,
              "mine": false,
              "name": "Ada"
            }
          ],
          "text": "Text"
        },
        {
          "at": 1795243200000,
          "author": "Eva",
          "item": "0123456789abcdef0123456789abcdef",
          "kind": "file",
          "mine": false,
          "place": "staff",
          "placeName": "Igel",
          "said": [
            {
              "at": 1795243200000,
              "mine": true,
              "name": "Ada"
            },
            {
              "at": 1795243200000,
              "mine": false,
              "name": "Ada"
            }
          ],
          "text": "Text"
        }
      ]
    }
  },
  "evidence": {
    "args": {},
    "result": {
      "cases": [
        {
          "what": "relay"
        },
        {
          "what": "relay_unproven"
        },
        {
          "device": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
          "person": "0123456789abcdef0123456789abcdef",
          "personName": "Maren",
          "what": "relay_or_device"
        },
        {
          "device": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
          "person": "0123456789abcdef0123456789abcdef",
          "personName": "Maren",
          "what": "unproven"
        },
        {
          "device": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
          "person": "0123456789abcdef0123456789abcdef",
          "personName": "Maren",
          "what": "device"
        }
      ],
      "file": "a400",
      "setAside": [
        {
          "author": "Eva",
          "number": 7,
          "place": "group",
          "placeName": "Igel",
          "record": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
        },
        {
          "author": "Eva",
          "number": 7,
          "placeName": "Igel",
          "record": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
        }
      ]
    }
  },
  "family": {
    "args": {
      "child": "0123456789abcdef0123456789abcdef"
    },
    "result": {
      "guardians": [
        {
          "contacts": [
            {
              "child": "0123456789abcdef0123456789abcdef",
              "contacts": "Maren 0341 1"
            }
          ],
          "entry": {
            "children": [
              {
                "id": "0123456789abcdef0123456789abcdef",
                "name": "Mila"
              }
            ],
            "devices": 1,
            "groups": [
              "0123456789abcdef0123456789abcdef"
            ],
            "name": "Maren",
            "person": "0123456789abcdef0123456789abcdef",
            "role": "guardian",
            "stage": "member"
          },
          "named": [
            {
              "name": "Maren",
              "person": "0123456789abcdef0123456789abcdef",
              "role": "guardian"
            }
          ],
          "protected": true,
          "reach": {
            "child": false,
            "group": true,
            "thread": true
          },
          "relation": {
            "collect": false,
            "custody": "none",
            "information": true,
            "livesWith": false
          }
        }
      ],
      "left": true
    }
  },
  "group_day": {
    "args": {
      "day": "2026-11-21",
      "group": "0123456789abcdef0123456789abcdef"
    },
    "result": {
      "away": 1,
      "children": [
        {
          "absences": [
            {
              "at": 1795243200000,
              "by": "me",
              "byName": "Maren",
              "child": "0123456789abcdef0123456789abcdef",
              "from": "2026-11-21",
              "id": "0123456789abcdef0123456789abcdef",
              "kind": "sick",
              "note": "Fieber",
              "state": "house",
              "to": "2026-11-21",
              "withdrawn": false
            }
          ],
          "allergies": "Nüsse",
          "attendance": {
            "marks": [
              {
                "at": 1795243200000,
                "event": "came",
                "state": "relay"
              },
              {
                "event": "left",
                "state": "local"
              }
            ],
            "presence": "left"
          },
          "id": "0123456789abcdef0123456789abcdef",
          "name": "Mila",
          "status": "expected"
        },
        {
          "absences": [
            {
              "at": 1795243200000,
              "by": "me",
              "byName": "Maren",
              "child": "0123456789abcdef0123456789abcdef",
              "from": "2026-11-21",
              "id": "0123456789abcdef0123456789abcdef",
              "kind": "sick",
              "note": "Fieber",
              "state": "house",
              "to": "2026-11-21",
              "withdrawn": false
            }
          ],
          "attendance": {
            "marks": [
              {
                "at": 1795243200000,
                "event": "came",
                "state": "relay"
              },
              {
                "event": "left",
                "state": "local"
              }
            ],
            "presence": "left"
          },
          "id": "0123456789abcdef0123456789abcdef",
          "name": "Mila",
          "status": "sick"
        },
        {
          "absences": [
            {
              "at": 1795243200000,
              "by": "me",
              "byName": "Maren",
              "child": "0123456789abcdef0123456789abcdef",
              "from": "2026-11-21",
              "id": "0123456789abcdef0123456789abcdef",
              "kind": "sick",
              "note": "Fieber",
              "state": "house",
              "to": "2026-11-21",
              "withdrawn": false
            }
          ],
          "attendance": {
            "marks": [
              {
                "at": 1795243200000,
                "event": "came",
                "state": "relay"
              },
              {
                "event": "left",
                "state": "local"
              }
            ],
            "presence": "left"
          },
          "id": "0123456789abcdef0123456789abcdef",
          "name": "Mila",
          "status": "away"
        }
      ],
      "day": "2026-11-21",
      "expected": 1,
      "group": {
        "childCount": 1,
        "id": "0123456789abcdef0123456789abcdef",
        "name": "Igel",
        "symbol": "hedgehog"
      },
      "sick": 1
    }
  },
  "groups": {
    "args": {},
    "result": [
      {
        "childCount": 1,
        "id": "0123456789abcdef0123456789abcdef",
        "name": "Igel",
        "symbol": "hedgehog"
      }
    ]
  },
  "intake": {
    "args": {},
    "result": {
      "entries": [
        {
          "at": 1795243200000,
          "contact": "0341",
          "id": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
          "name": "Kim",
          "takenBy": "Eva",
          "text": "Ein Platz?"
        },
        {
          "at": 1795243200000,
          "contact": "0341",
          "id": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
          "name": "Kim",
          "text": "Ein Platz?"
        }
      ],
      "link": "https://kita.example/#i=HOUSE.MARK",
      "open": true,
      "qrSvg": "<svg></svg>",
      "unreadable": 1
    }
  },
  "missing": {
    "args": {},
    "result": [
      {
        "at": 1795243200000,
        "count": 3
      },
      {
        "count": 1
      }
    ]
  },
  "notes": {
    "args": {
      "circle": "0123456789abcdef0123456789abcdef"
    },
    "result": [
      {
        "at": 1795243200000,
        "author": "Eva",
        "body": "Text",
        "id": "0123456789abcdef0123456789abcdef",
        "mine": false,
        "state": "relay",
        "title": "Titel"
      }
    ]
  },
  "overtaken": {
    "args": {},
    "result": [
      {
        "cause": {
          "about": {},
          "agreedBy": [],
          "agreedBySheet": false,
          "by": "Ada",
          "bySheet": false,
          "seq": 7,
          "what": "dissolved"
        },
        "id": 7,
        "parts": [
          {
            "about": {
              "person": "0123456789abcdef0123456789abcdef",
              "personName": "Maren"
            },
            "what": "invited"
          }
        ]
      },
      {
        "id": 8,
        "parts": [
          {
            "about": {
              "person": "0123456789abcdef0123456789abcdef",
              "personName": "Maren"
            },
            "what": "role_ended"
          }
        ]
      }
    ]
  },
  "parent_home": {
    "args": {
      "day": "2026-11-21"
    },
    "result": {
      "bulletins": [
        {
          "at": 1795243200000,
          "audience": "group",
          "author": "Eva",
          "body": "Freitag",
          "groupName": "Igel",
          "id": "0123456789abcdef0123456789abcdef",
          "media": {
            "files": [
              {
                "at": 1795243200000,
                "bytes": 123456,
                "id": "0123456789abcdef0123456789abcdef",
                "mayRemove": true,
                "mine": true,
                "name": "Speiseplan.pdf",
                "set": "0123456789abcdef0123456789abcdef",
                "state": "relay"
              }
            ],
            "pictures": [
              {
                "alt": "Laternen",
                "at": 1795243200000,
                "audience": "group",
                "audienceName": "Igel",
                "author": "Eva",
                "hash": "3807",
                "height": 1200,
                "id": "0123456789abcdef0123456789abcdef",
                "mayDownload": false,
                "mayRemove": true,
                "mayShare": true,
                "mine": true,
                "set": "0123456789abcdef0123456789abcdef",
                "sharedWith": [
                  "Mila"
                ],
                "state": "relay",
                "width": 1600
              }
            ]
          },
          "mine": true,
          "read": false,
          "seenByFamilies": 3,
          "state": "relay",
          "title": "Laternenfest"
        },
        {
          "at": 1795243200000,
          "audience": "house",
          "author": "Eva",
          "body": "Freitag",
          "id": "0123456789abcdef0123456789abcdef",
          "media": {
            "files": [],
            "pictures": []
          },
          "mine": false,
          "read": true,
          "state": "relay",
          "title": "Laternenfest"
        }
      ],
      "children": [
        {
          "attendance": {
            "marks": [
              {
                "at": 1795243200000,
                "event": "came",
                "state": "relay"
              },
              {
                "event": "left",
                "state": "local"
              }
            ],
            "presence": "left"
          },
          "ended": false,
          "group": {
            "childCount": 1,
            "id": "0123456789abcdef0123456789abcdef",
            "name": "Igel",
            "symbol": "hedgehog"
          },
          "id": "0123456789abcdef0123456789abcdef",
          "name": "Mila",
          "today": [
            {
              "at": 1795243200000,
              "by": "me",
              "byName": "Maren",
              "child": "0123456789abcdef0123456789abcdef",
              "from": "2026-11-21",
              "id": "0123456789abcdef0123456789abcdef",
              "kind": "sick",
              "note": "Fieber",
              "state": "house",
              "to": "2026-11-21",
              "withdrawn": false
            }
          ],
          "unread": 2,
          "upcoming": [
            {
              "by": "other_guardian",
              "child": "0123456789abcdef0123456789abcdef",
              "from": "2026-11-21",
              "id": "0123456789abcdef0123456789abcdef",
              "kind": "away",
              "state": "local",
              "to": "2026-11-21",
              "withdrawn": true
            }
          ]
        },
        {
          "attendance": {
            "marks": [
              {
                "at": 1795243200000,
                "event": "came",
                "state": "relay"
              },
              {
                "event": "left",
                "state": "local"
              }
            ],
            "presence": "left"
          },
          "ended": false,
          "group": null,
          "id": "0123456789abcdef0123456789abcdef",
          "name": "Mila",
          "today": [
            {
              "at": 1795243200000,
              "by": "me",
              "byName": "Maren",
              "child": "0123456789abcdef0123456789abcdef",
              "from": "2026-11-21",
              "id": "0123456789abcdef0123456789abcdef",
              "kind": "sick",
              "note": "Fieber",
              "state": "house",
              "to": "2026-11-21",
              "withdrawn": false
            }
          ],
          "unread": 2,
          "upcoming": [
            {
              "by": "other_guardian",
              "child": "0123456789abcdef0123456789abcdef",
              "from": "2026-11-21",
              "id": "0123456789abcdef0123456789abcdef",
              "kind": "away",
              "state": "local",
              "to": "2026-11-21",
              "withdrawn": true
            }
          ]
        }
      ],
      "pictures": [
        {
          "alt": "Laternen",
          "at": 1795243200000,
          "audience": "group",
          "audienceName": "Igel",
          "author": "Eva",
          "hash": "3807",
          "height": 1200,
          "id": "0123456789abcdef0123456789abcdef",
          "mayDownload": false,
          "mayRemove": true,
          "mayShare": true,
          "mine": true,
          "set": "0123456789abcdef0123456789abcdef",
          "sharedWith": [
            "Mila"
          ],
          "state": "relay",
          "width": 1600
        }
      ]
    }
  },
  "pending_joins": {
    "args": {},
    "result": [
      {
        "at": 1795243200000,
        "childNames": [
          "Mila"
        ],
        "device": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "digits": [
          "012",
          "012",
          "012",
          "012",
          "012",
          "012"
        ],
        "id": "0123456789abcdef0123456789abcdef",
        "name": "Maren",
        "person": "0123456789abcdef0123456789abcdef",
        "role": "educator"
      },
      {
        "childNames": [
          "Mila"
        ],
        "device": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "digits": [
          "012",
          "012",
          "012",
          "012",
          "012",
          "012"
        ],
        "id": "0123456789abcdef0123456789abcdef",
        "name": "Maren",
        "person": "0123456789abcdef0123456789abcdef",
        "role": "educator"
      }
    ]
  },
  "people": {
    "args": {},
    "result": {
      "children": [
        {
          "group": "0123456789abcdef0123456789abcdef",
          "guardians": [
            {
              "children": [
                {
                  "id": "0123456789abcdef0123456789abcdef",
                  "name": "Mila"
                }
              ],
              "devices": 1,
              "groups": [
                "0123456789abcdef0123456789abcdef"
              ],
              "name": "Maren",
              "person": "0123456789abcdef0123456789abcdef",
              "role": "guardian",
              "stage": "none"
            },
            {
              "children": [
                {
                  "id": "0123456789abcdef0123456789abcdef",
                  "name": "Mila"
                }
              ],
              "devices": 1,
              "groups": [
                "0123456789abcdef0123456789abcdef"
              ],
              "invite": {
                "id": "0123456789abcdef0123456789abcdef",
                "stage": "open",
                "validUntil": 1795243200000
              },
              "name": "Maren",
              "person": "0123456789abcdef0123456789abcdef",
              "role": "guardian",
              "stage": "invited"
            },
            {
              "children": [
                {
                  "id": "0123456789abcdef0123456789abcdef",
                  "name": "Mila"
                }
              ],
              "devices": 1,
              "groups": [
                "0123456789abcdef0123456789abcdef"
              ],
              "invite": {
                "id": "0123456789abcdef0123456789abcdef",
                "stage": "used",
                "validUntil": 1795243200000
              },
              "name": "Maren",
              "person": "0123456789abcdef0123456789abcdef",
              "role": "guardian",
              "stage": "joining"
            },
            {
              "children": [
                {
                  "id": "0123456789abcdef0123456789abcdef",
                  "name": "Mila"
                }
              ],
              "devices": 1,
              "groups": [
                "0123456789abcdef0123456789abcdef"
              ],
              "invite": {
                "id": "0123456789abcdef0123456789abcdef",
                "stage": "revoked",
                "validUntil": 1795243200000
              },
              "name": "Maren",
              "person": "0123456789abcdef0123456789abcdef",
              "role": "guardian",
              "stage": "member"
            },
            {
              "children": [
                {
                  "id": "0123456789abcdef0123456789abcdef",
                  "name": "Mila"
                }
              ],
              "devices": 1,
              "groups": [
                "0123456789abcdef0123456789abcdef"
              ],
              "invite": {
                "id": "0123456789abcdef0123456789abcdef",
                "stage": "expired",
                "validUntil": 1795243200000
              },
              "name": "Maren",
              "person": "0123456789abcdef0123456789abcdef",
              "role": "guardian",
              "stage": "ended"
            }
          ],
          "id": "0123456789abcdef0123456789abcdef",
          "name": "Mila"
        }
      ],
      "staff": [
        {
          "children": [
            {
              "id": "0123456789abcdef0123456789abcdef",
              "name": "Mila"
            }
          ],
          "devices": 1,
          "groups": [
            "0123456789abcdef0123456789abcdef"
          ],
          "name": "Maren",
          "person": "0123456789abcdef0123456789abcdef",
          "pin": {
            "children": [
              {
                "id": "0123456789abcdef0123456789abcdef",
                "name": "Mila"
              }
            ],
            "devices": 1,
            "groups": [
              "0123456789abcdef0123456789abcdef"
            ],
            "invite": {
              "id": "0123456789abcdef0123456789abcdef",
              "stage": "open",
              "validUntil": 1795243200000
            },
            "name": "Maren",
            "person": "0123456789abcdef0123456789abcdef",
            "role": "guardian",
            "stage": "invited"
          },
          "role": "place",
          "stage": "none"
        }
      ]
    }
  },
  "pictures": {
    "args": {},
    "result": [
      {
        "alt": "Laternen",
        "at": 1795243200000,
        "audience": "group",
        "audienceName": "Igel",
        "author": "Eva",
        "hash": "3807",
        "height": 1200,
        "id": "0123456789abcdef0123456789abcdef",
        "mayDownload": false,
        "mayRemove": true,
        "mayShare": true,
        "mine": true,
        "set": "0123456789abcdef0123456789abcdef",
        "sharedWith": [
          "Mila"
        ],
        "state": "relay",
        "width": 1600
      }
    ]
  },
  "place": {
    "args": {},
    "result": {
      "groups": [
        {
          "childCount": 1,
          "id": "0123456789abcdef0123456789abcdef",
          "name": "Igel",
          "symbol": "hedgehog"
        }
      ],
      "name": "Tablet Igel",
      "pin": "0123456789abcdef0123456789abcdef",
      "staff": [
        {
          "name": "Eva",
          "person": "0123456789abcdef0123456789abcdef"
        }
      ]
    }
  },
  "plans": {
    "args": {},
    "result": [
      {
        "about": {
          "child": "0123456789abcdef0123456789abcdef",
          "childName": "Mila",
          "person": "0123456789abcdef0123456789abcdef",
          "personName": "Maren"
        },
        "at": 1795243200000,
        "by": "Ada",
        "day": "2026-11-21",
        "id": "0123456789abcdef0123456789abcdef",
        "relation": {
          "collect": false,
          "custody": "none",
          "information": true,
          "livesWith": false
        },
        "stage": "due",
        "what": "guardian"
      },
      {
        "about": {
          "child": "0123456789abcdef0123456789abcdef",
          "childName": "Mila",
          "group": "0123456789abcdef0123456789abcdef",
          "groupName": "Igel"
        },
        "at": 1795243200000,
        "by": "Ada",
        "day": "2026-11-21",
        "id": "0123456789abcdef0123456789abcdef",
        "stage": "waiting",
        "what": "move"
      },
      {
        "about": {
          "child": "0123456789abcdef0123456789abcdef",
          "childName": "Mila"
        },
        "at": 1795243200000,
        "by": "Ada",
        "day": "2026-11-21",
        "id": "0123456789abcdef0123456789abcdef",
        "reason": "not_found",
        "stage": "failed",
        "what": "leave"
      },
      {
        "about": {
          "child": "0123456789abcdef0123456789abcdef",
          "childName": "Mila",
          "group": "0123456789abcdef0123456789abcdef",
          "groupName": "Igel"
        },
        "at": 1795243200000,
        "by": "Ada",
        "day": "2026-11-21",
        "id": "0123456789abcdef0123456789abcdef",
        "stage": "stuck",
        "what": "move"
      },
      {
        "about": {
          "person": "0123456789abcdef0123456789abcdef",
          "personName": "Maren"
        },
        "at": 1795243200000,
        "by": "Ada",
        "day": "2026-11-21",
        "id": "0123456789abcdef0123456789abcdef",
        "stage": "done",
        "what": "end"
      },
      {
        "about": {
          "person": "0123456789abcdef0123456789abcdef",
          "personName": "Maren"
        },
        "at": 1795243200000,
        "by": "Ada",
        "day": "2026-11-21",
        "id": "0123456789abcdef0123456789abcdef",
        "stage": "withdrawn",
        "what": "end"
      }
    ]
  },
  "proposals": {
    "args": {},
    "result": [
      {
        "at": 1795243200000,
        "by": "Ada",
        "day": "2026-11-21",
        "device": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "due": true,
        "id": "0123456789abcdef0123456789abcdef",
        "mine": true,
        "person": "0123456789abcdef0123456789abcdef",
        "personName": "Ada",
        "what": "end_device"
      },
      {
        "address": "https://kita.example",
        "at": 1795243200000,
        "by": "Ada",
        "due": false,
        "id": "0123456789abcdef0123456789abcdef",
        "mine": false,
        "what": "confirm_move"
      }
    ]
  },
  "reach": {
    "args": {
      "child": "0123456789abcdef0123456789abcdef",
      "person": "0123456789abcdef0123456789abcdef",
      "relation": {
        "collect": false,
        "custody": "none",
        "information": true,
        "livesWith": false
      }
    },
    "result": {
      "child": false,
      "group": true,
      "thread": true
    }
  },
  "relation": {
    "args": {
      "child": "0123456789abcdef0123456789abcdef",
      "person": "0123456789abcdef0123456789abcdef"
    },
    "result": {
      "collect": false,
      "custody": "none",
      "information": true,
      "livesWith": false
    }
  },
  "thread": {
    "args": {
      "id": "0123456789abcdef0123456789abcdef"
    },
    "result": {
      "child": "0123456789abcdef0123456789abcdef",
      "childName": "Mila",
      "ended": false,
      "groupName": "Igel",
      "guardianName": "Maren",
      "id": "0123456789abcdef0123456789abcdef",
      "last": {
        "absence": {
          "at": 1795243200000,
          "by": "me",
          "byName": "Maren",
          "child": "0123456789abcdef0123456789abcdef",
          "from": "2026-11-21",
          "id": "0123456789abcdef0123456789abcdef",
          "kind": "sick",
          "note": "Fieber",
          "state": "house",
          "to": "2026-11-21",
          "withdrawn": false
        },
        "at": 1795243200000,
        "author": "Maren",
        "id": "0123456789abcdef0123456789abcdef",
        "media": {
          "files": [
            {
              "at": 1795243200000,
              "bytes": 123456,
              "id": "0123456789abcdef0123456789abcdef",
              "mayRemove": true,
              "mine": true,
              "name": "Speiseplan.pdf",
              "set": "0123456789abcdef0123456789abcdef",
              "state": "relay"
            }
          ],
          "pictures": [
            {
              "alt": "Laternen",
              "at": 1795243200000,
              "audience": "group",
              "audienceName": "Igel",
              "author": "Eva",
              "hash": "3807",
              "height": 1200,
              "id": "0123456789abcdef0123456789abcdef",
              "mayDownload": false,
              "mayRemove": true,
              "mayShare": true,
              "mine": true,
              "set": "0123456789abcdef0123456789abcdef",
              "sharedWith": [
                "Mila"
              ],
              "state": "relay",
              "width": 1600
            }
          ]
        },
        "mine": true,
        "seenAt": 1795243200000,
        "side": "guardian",
        "state": "house",
        "text": "Hallo"
      },
      "messages": [
        {
          "absence": {
            "at": 1795243200000,
            "by": "me",
            "byName": "Maren",
            "child": "0123456789abcdef0123456789abcdef",
            "from": "2026-11-21",
            "id": "0123456789abcdef0123456789abcdef",
            "kind": "sick",
            "note": "Fieber",
            "state": "house",
            "to": "2026-11-21",
            "withdrawn": false
          },
          "at": 1795243200000,
          "author": "Maren",
          "id": "0123456789abcdef0123456789abcdef",
          "media": {
            "files": [
              {
                "at": 1795243200000,
                "bytes": 123456,
                "id": "0123456789abcdef0123456789abcdef",
                "mayRemove": true,
                "mine": true,
                "name": "Speiseplan.pdf",
                "set": "0123456789abcdef0123456789abcdef",
                "state": "relay"
              }
            ],
            "pictures": [
              {
                "alt": "Laternen",
                "at": 1795243200000,
                "audience": "group",
                "audienceName": "Igel",
                "author": "Eva",
                "hash": "3807",
                "height": 1200,
                "id": "0123456789abcdef0123456789abcdef",
                "mayDownload": false,
                "mayRemove": true,
                "mayShare": true,
                "mine": true,
                "set": "0123456789abcdef0123456789abcdef",
                "sharedWith": [
                  "Mila"
                ],
                "state": "relay",
                "width": 1600
              }
            ]
          },
          "mine": true,
          "seenAt": 1795243200000,
          "side": "guardian",
          "state": "house",
          "text": "Hallo"
        },
        {
          "at": 1795243200000,
          "author": "Maren",
          "id": "0123456789abcdef0123456789abcdef",
          "media": {
            "files": [],
            "pictures": []
          },
          "mine": false,
          "side": "house",
          "state": "house",
          "text": "Hallo"
        }
      ],
      "unread": 1
    }
  },
  "threads": {
    "args": {},
    "result": [
      {
        "child": "0123456789abcdef0123456789abcdef",
        "childName": "Mila",
        "ended": false,
        "groupName": "Igel",
        "guardianName": "Maren",
        "id": "0123456789abcdef0123456789abcdef",
        "last": {
          "absence": {
            "at": 1795243200000,
            "by": "me",
            "byName": "Maren",
            "child": "0123456789abcdef0123456789abcdef",
            "from": "2026-11-21",
            "id": "0123456789abcdef0123456789abcdef",
            "kind": "sick",
            "note": "Fieber",
            "state": "house",
            "to": "2026-11-21",
            "withdrawn": false
          },
          "at": 1795243200000,
          "author": "Maren",
          "id": "0123456789abcdef0123456789abcdef",
          "media": {
            "files": [
              {
                "at": 1795243200000,
                "bytes": 123456,
                "id": "0123456789abcdef0123456789abcdef",
                "mayRemove": true,
                "mine": true,
                "name": "Speiseplan.pdf",
                "set": "0123456789abcdef0123456789abcdef",
                "state": "relay"
              }
            ],
            "pictures": [
              {
                "alt": "Laternen",
                "at": 1795243200000,
                "audience": "group",
                "audienceName": "Igel",
                "author": "Eva",
                "hash": "3807",
                "height": 1200,
                "id": "0123456789abcdef0123456789abcdef",
                "mayDownload": false,
                "mayRemove": true,
                "mayShare": true,
                "mine": true,
                "set": "0123456789abcdef0123456789abcdef",
                "sharedWith": [
                  "Mila"
                ],
                "state": "relay",
                "width": 1600
              }
            ]
          },
          "mine": true,
          "seenAt": 1795243200000,
          "side": "guardian",
          "state": "house",
          "text": "Hallo"
        },
        "unread": 1
      },
      {
        "child": "0123456789abcdef0123456789abcdef",
        "childName": "Mila",
        "ended": true,
        "groupName": "Igel",
        "guardianName": "Maren",
        "id": "0123456789abcdef0123456789abcdef",
        "unread": 1
      }
    ]
  },
  "transfers": {
    "args": {},
    "result": {
      "files": [
        {
          "at": 1795243200000,
          "bytes": 123456,
          "id": "0123456789abcdef0123456789abcdef",
          "mayRemove": true,
          "mine": true,
          "name": "Speiseplan.pdf",
          "set": "0123456789abcdef0123456789abcdef",
          "state": "relay",
          "transfer": {
            "fault": "format_unsupported",
            "name": "IMG_1.HEIC",
            "stage": "failed"
          }
        }
      ],
      "pictures": [
        {
          "alt": "Laternen",
          "at": 1795243200000,
          "audience": "child",
          "audienceName": "Igel",
          "author": "Eva",
          "hash": "3807",
          "height": 1200,
          "id": "0123456789abcdef0123456789abcdef",
          "mayDownload": false,
          "mayRemove": true,
          "mayShare": true,
          "mine": true,
          "set": "0123456789abcdef0123456789abcdef",
          "sharedWith": [
            "Mila"
          ],
          "state": "relay",
          "transfer": {
            "name": "IMG_1.HEIC",
            "stage": "kept"
          },
          "width": 1600
        },
        {
          "alt": "Laternen",
          "at": 1795243200000,
          "audience": "child",
          "audienceName": "Igel",
          "author": "Eva",
          "hash": "3807",
          "height": 1200,
          "id": "0123456789abcdef0123456789abcdef",
          "mayDownload": false,
          "mayRemove": true,
          "mayShare": true,
          "mine": true,
          "set": "0123456789abcdef0123456789abcdef",
          "sharedWith": [
            "Mila"
          ],
          "state": "relay",
          "transfer": {
            "name": "IMG_1.HEIC",
            "stage": "ready"
          },
          "width": 1600
        },
        {
          "alt": "Laternen",
          "at": 1795243200000,
          "audience": "thread",
          "audienceName": "Igel",
          "author": "Eva",
          "hash": "3807",
          "height": 1200,
          "id": "0123456789abcdef0123456789abcdef",
          "mayDownload": false,
          "mayRemove": true,
          "mayShare": true,
          "mine": true,
          "set": "0123456789abcdef0123456789abcdef",
          "sharedWith": [
            "Mila"
          ],
          "state": "relay",
          "transfer": {
            "stage": "sent"
          },
          "width": 1600
        },
        {
          "alt": "Laternen",
          "at": 1795243200000,
          "audience": "thread",
          "audienceName": "Igel",
          "author": "Eva",
          "hash": "3807",
          "height": 1200,
          "id": "0123456789abcdef0123456789abcdef",
          "mayDownload": false,
          "mayRemove": true,
          "mayShare": true,
          "mine": true,
          "set": "0123456789abcdef0123456789abcdef",
          "sharedWith": [
            "Mila"
          ],
          "state": "relay",
          "transfer": {
            "fault": "format_unsupported",
            "name": "IMG_1.HEIC",
            "stage": "failed"
          },
          "width": 1600
        }
      ]
    }
  },
  "unsent": {
    "args": {},
    "result": [
      {
        "at": 1795243200000,
        "item": "0123456789abcdef0123456789abcdef",
        "kind": "bulletin",
        "place": "thread",
        "placeName": "Carla",
        "stuck": "no_access",
        "text": "Text",
        "title": "Titel"
      },
      {
        "at": 1795243200000,
        "item": "0123456789abcdef0123456789abcdef",
        "kind": "note",
        "place": "thread",
        "placeName": "Carla",
        "stuck": "refused",
        "text": "Text",
        "title": "Titel"
      },
      {
        "at": 1795243200000,
        "item": "0123456789abcdef0123456789abcdef",
        "kind": "message",
        "place": "thread",
        "placeName": "Carla",
        "text": "Text",
        "title": "Titel"
      },
      {
        "at": 1795243200000,
        "from": "2026-11-21",
        "item": "0123456789abcdef0123456789abcdef",
        "kind": "sick",
        "place": "thread",
        "placeName": "Carla",
        "text": "Text",
        "title": "Titel",
        "to": "2026-11-21"
      },
      {
        "at": 1795243200000,
        "from": "2026-11-21",
        "item": "0123456789abcdef0123456789abcdef",
        "kind": "away",
        "place": "thread",
        "placeName": "Carla",
        "text": "Text",
        "title": "Titel",
        "to": "2026-11-21"
      }
    ]
  }
} satisfies { [K in keyof Queries]: Pick<Queries[K], 'args' | 'result'> };

// prettier-ignore
export const greeting = {
  "deviceName": "Tablet",
  "fingerprint": "AAAA-BBBB-CCCC-DDDD",
  "helpLine": "0341",
  "houseName": "Spatzennest",
  "notice": "Art. 13",
  "pin": false,
  "role": "guardian",
  "validUntil": 1795243200000
} satisfies InviteGreeting;

// prettier-ignore
export const hostCommands = {
  "media_failed": {
    "args": {
      "fault": "lost",
      "id": "0123456789abcdef0123456789abcdef"
    },
    "result": {}
  },
  "media_ready": {
    "args": {
      "full": {
        "bytes": 350000,
        "id": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "sealed": 360000,
        "secret": "0707070707070707070707070707070707070707070707070707070707070707"
      },
      "hash": "3807",
      "height": 1200,
      "id": "0123456789abcdef0123456789abcdef",
      "thumb": {
        "bytes": 350000,
        "id": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "sealed": 360000,
        "secret": "0707070707070707070707070707070707070707070707070707070707070707"
      },
      "width": 1600
    },
    "result": {}
  },
  "media_sent": {
    "args": {
      "id": "0123456789abcdef0123456789abcdef"
    },
    "result": {}
  },
  "take_media": {
    "args": {
      "files": [
        {
          "alt": "Laternen",
          "bytes": 4000000,
          "id": "0123456789abcdef0123456789abcdef",
          "kind": "picture",
          "name": "IMG_1.HEIC",
          "secret": "0707070707070707070707070707070707070707070707070707070707070707"
        },
        {
          "alt": "Laternen",
          "bytes": 4000000,
          "id": "0123456789abcdef0123456789abcdef",
          "kind": "file",
          "name": "IMG_1.HEIC",
          "secret": "0707070707070707070707070707070707070707070707070707070707070707"
        }
      ],
      "set": "0123456789abcdef0123456789abcdef",
      "to": {
        "house": true
      }
    },
    "result": {}
  }
} satisfies { [K in keyof HostCommands]: Pick<HostCommands[K], 'args' | 'result'> };

// prettier-ignore
export const transfers = [
  {
    "blobs": [],
    "circle": "0123456789abcdef0123456789abcdef",
    "id": "0123456789abcdef0123456789abcdef",
    "kind": "picture",
    "name": "IMG_1.HEIC",
    "order": 1,
    "original": {
      "bytes": 4000000,
      "secret": "0707070707070707070707070707070707070707070707070707070707070707"
    },
    "stage": "kept"
  },
  {
    "blobs": [
      {
        "bytes": 350000,
        "id": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "sealed": 360000,
        "secret": "0707070707070707070707070707070707070707070707070707070707070707"
      },
      {
        "bytes": 350000,
        "id": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "sealed": 360000,
        "secret": "0707070707070707070707070707070707070707070707070707070707070707"
      }
    ],
    "circle": "0123456789abcdef0123456789abcdef",
    "id": "0123456789abcdef0123456789abcdef",
    "kind": "picture",
    "name": "IMG_1.HEIC",
    "order": 1,
    "stage": "ready"
  },
  {
    "blobs": [
      {
        "bytes": 350000,
        "id": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "sealed": 360000,
        "secret": "0707070707070707070707070707070707070707070707070707070707070707"
      },
      {
        "bytes": 350000,
        "id": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "sealed": 360000,
        "secret": "0707070707070707070707070707070707070707070707070707070707070707"
      }
    ],
    "circle": "0123456789abcdef0123456789abcdef",
    "id": "0123456789abcdef0123456789abcdef",
    "kind": "file",
    "name": "IMG_1.HEIC",
    "order": 1,
    "stage": "sent"
  }
] satisfies readonly TransferEdge[];

// prettier-ignore
export const media = [
  {
    "full": {
      "bytes": 350000,
      "id": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
      "secret": "0707070707070707070707070707070707070707070707070707070707070707"
    },
    "thumb": {
      "bytes": 350000,
      "id": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
      "secret": "0707070707070707070707070707070707070707070707070707070707070707"
    }
  },
  {
    "full": {
      "bytes": 350000,
      "id": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
      "secret": "0707070707070707070707070707070707070707070707070707070707070707"
    }
  }
] satisfies readonly MediaRefs[];

// prettier-ignore
export const mediaIndex = [
  {
    "at": 1795243200000,
    "full": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    "item": "0123456789abcdef0123456789abcdef",
    "thumb": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  },
  {
    "at": 1795243200000,
    "full": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    "item": "0123456789abcdef0123456789abcdef"
  }
] satisfies readonly MediaIndexed[];

// prettier-ignore
export const errors = [
  "not_allowed",
  "not_found",
  "empty",
  "too_long",
  "bad_day",
  "offline",
  "needs_second",
  "last_director",
  "dissolved",
  "not_plannable",
  "lost_race",
  "relay_refused",
  "relay_full",
  "quota_full",
  "app_outdated",
  "storage_full",
  "internal"
] satisfies readonly ErrorCode[];
