### English: the second language, equally plain.

## App and places
app-name = Nestpost
nav-label = Places
nav-today = Today
nav-messages = Messages
nav-bulletins = Notices
nav-pictures = Pictures
nav-post = Messages and notices
nav-people = People
nav-more = More
nav-unread = { $count } unread
skip = Skip to content
loading = Loading
back = Back
cancel = Cancel
close = Close
save = Save
dismiss = Hide
houses-label = Houses
houses-all = All

## State of an item
state-local = Only on this device
state-relay = Arrived
state-seen-house = Seen by the Kita
state-seen-house-at = Seen by the Kita, { $time }
state-seen-families = Seen by families
state-seen-families-count = { $count ->
    [one] Seen by one family
   *[other] Seen by { $count } families
}
state-seen-family = Seen
state-seen-family-at = Seen, { $time }
offline-line = No network. Everything will be sent later.
offline-line-house = { $house }: no network. Everything will be sent later.
waiting-badge = { $count ->
    [one] 1 only here
   *[other] { $count } only here
}
waiting-badge-long = { $count ->
    [one] One item is only on this device so far. It will be sent later.
   *[other] { $count } items are only on this device so far. They will be sent later.
}

## First screen
welcome-title = Post from your Kita
welcome-lead = Messages, notices, pictures and sick notes. Only Kita and family can read them.
welcome-join = I have received a letter
welcome-join-hint = Scan the code or type it
welcome-found = Set up a Kita
welcome-found-hint = For the head of the Kita, once at the start
welcome-no-account = You need no e-mail address, no phone number and no password.
welcome-install = You can put this page on your home screen like an app.

## Joining
join-title = Join with your letter
join-lead = Your letter shows a square and a code. Both lead to the same place.
join-scan = Scan the code
join-or = or
join-code-label = Code from the letter
join-code-hint = Capitals do not matter. The app adds the dashes.
join-code-mistyped = One character is not right. Please compare with the letter.
join-code-mistyped-group = One character in group { $groups } is not right. Please compare with the letter.
join-code-partial = The code is not complete yet. Please type all groups.
join-code-complete = The code is complete.
join-check = Next
join-checking = Checking the code
join-address = You are at { $address }.
scan-title = Scan the code
scan-hint = Hold the square on the letter, or on the other device, inside the frame.
scan-refused = The camera is not allowed. Type the code instead, it works just as well.
scan-none = This device has no camera we can use. Type the code instead, it works just as well.
scan-failed = Reading with the camera does not work here. Type the code instead, it works just as well.
scan-not-ours = This is not a code from a Nestpost letter.
scan-type = Type the code
greeting-title = Is this your Kita?
greeting-compare = Compare these characters with your letter. Only if they are the same are you in the right place.
greeting-fingerprint = Mark of the house
greeting-role-guardian = You are joining as family.
greeting-role-educator = You are joining as an educator.
greeting-role-director = You are joining as head of the Kita.
greeting-role-place = This device becomes a group tablet.
greeting-valid = The letter is valid until { $date }.
greeting-notice = What happens with your data
greeting-help = Questions? { $help }
greeting-join = Join
greeting-joining = Preparing to join
greeting-wrong = This is not my Kita
digits-title = Compare at the door
digits-lead = Show these numbers at the Kita. They see the same ones. If all are equal, you will be confirmed.
digits-label = Six groups of three digits
digits-group = Group { $number }: { $digits }
digits-waiting = { $house } has not confirmed you yet. You can close the app, nothing is lost.
digits-pending = The numbers appear as soon as { $house } could be reached.
digits-give-up = Stop joining
digits-give-up-lead = The code on your letter is then used up. You will need a new letter.
joined-title = You are in
joined-lead = { $house } has confirmed you.
joined-open = Open { $house }

## Setting up
found-title = Set up a Kita
found-lead = You do this once. Then you print a letter for each family.
found-house = Name of the Kita
found-house-hint = This is how it appears on the letters.
found-own = Your name
found-own-hint = This is what families and team see.
found-help = Help for questions
found-help-hint = Phone or office hours. Printed on every letter.
found-notice = Privacy notice
found-notice-hint = Every family reads it before joining. Complete the places in square brackets.
found-setup-ask = Has somebody given you a setup code?
found-setup = Setup code
found-setup-hint = You have it from whoever runs Nestpost for your Kita.
found-submit = Set up the Kita
found-working = Setting up your Kita
found-default-notice =
    The controller of your data is the provider of the Kita: [name and address of the provider]. Data protection officer: [name, phone].

    We process your name, your child’s name and group, your messages to us and notes of illness or absence, so that we can look after your child (Art. 6(1)(b) and (e) GDPR, for health data Art. 9(2) GDPR, sections 61 to 65 SGB VIII). We show pictures of your child only as far as you have consented (Art. 6(1)(a) GDPR, section 22 KUG); you may withdraw your consent at any time.

    Everything is locked on your device. What you and the Kita write to each other can be read only by the Kita and you, not by the operator of the technology. Other guardians of your child see your name (except where the Kita protects you from that) and the child’s absences, not your messages and notes. Pictures of a group are seen by the families of that group; place and camera data are removed first.

    What you write to us is deleted at the end of the following month. What the Kita writes and shows, and absences that lie far ahead, are deleted after thirteen months at the latest: at the end of the twelfth month after the one in which they were written. Names are kept until they are erased.

    You have the right of access, rectification, erasure, restriction and portability, you may object, and you may complain to the supervisory authority: [name of the authority]. What you write to us is voluntary; you can also report an illness by phone.

## Recovery sheet
sheet-title = Recovery sheet
sheet-lead = Print this sheet now and put it in a safe place, for example the safe of the Kita’s provider. It opens the Kita again when all devices of its heads are lost. Nothing else can.
sheet-print = Print the sheet
sheet-printed = Printed or copied by hand
sheet-show = Show the sheet again
sheet-proof-lead = Take the sheet in your hand. This makes sure that it is there and can be read.
sheet-proof = The last four characters of the code on the sheet
sheet-proof-hint = Capitals or not makes no difference.
sheet-proof-wrong = That is not how the code ends. Please look at the sheet.
sheet-proof-do = Confirm
sheet-proof-busy = This takes a moment
sheet-continue = Next
sheet-kept-once = Afterwards the sheet is not shown again.
sheet-paper-title = Recovery sheet
sheet-paper-for = for { $house }
sheet-paper-made = Made on { $date }
sheet-paper-use = What is this sheet for?
sheet-paper-use-text = If no device of a head is left, this sheet opens the Kita again: open the address of the Kita, choose “Open with the recovery sheet”, scan the square or type both codes. It also stands for the second head where something takes two. Whoever has the sheet can read everything the heads can read.
sheet-paper-keep = How do you keep it?
sheet-paper-keep-text = In a sealed envelope in the safe of the Kita’s provider. Do not photograph, copy or send it. When the Kita is opened with it, print a new sheet; once that is valid, this one is no longer.
sheet-paper-code = Code of the sheet
sheet-paper-signed = Put away on, by
sheet-paper-for-person = for { $name }, { $house }
sheet-paper-use-own = If all your devices are gone, this sheet gets you back in without the Kita having to do anything: on a new device, open the address of the Kita, choose “Open with the recovery sheet”, scan the square or type both codes. Lost devices are removed on the way.
sheet-paper-keep-own = Like an identity card, in a place that only you can get to. Do not photograph or send it. Whoever has the sheet reads and writes in your name. If it is gone, remove it in the app under “Your devices”, or call the Kita. Once you have used it, print a new one; once that is valid, this one is no longer.
sheet-own-title = Your recovery sheet
sheet-own-offer = A sheet of paper for an emergency: if all your devices are gone, it gets you back in without the Kita.
sheet-own-have = You have a sheet. Is it still in its place?
sheet-own-lead = In case all your devices are gone.
sheet-own-opens = With the sheet you open { $house } again on a new device, even if nobody there answers the phone. You go on reading what was there before.
sheet-own-finder = Whoever finds the sheet can do the same: read everything you read, and write in your name.
sheet-own-place = Keep it like an identity card, and not with the phone. If somebody lives with you who should not read along, rather keep it elsewhere, or do without it.
sheet-own-before = The sheet you have is valid until you have confirmed the new one.
sheet-own-until = This sheet is not valid yet. If you leave now, nothing is lost.
sheet-own-until-old = This sheet is not valid yet; the one you have is. If you leave now, it stays that way.
sheet-own-make = Make the sheet
sheet-own-offline = No network. The sheet is valid once this device has a network again. It is sent by itself.
sheet-own-waiting = The sheet is valid once the Kita knows of it. This takes a moment.
sheet-own-still = Until then it opens nothing. You can leave this page.
sheet-own-still-old = Until then the one you have is valid. Keep both. You can leave this page.
sheet-own-counts = The sheet is valid now.
sheet-own-put = Put it in a place that only you can get to.
sheet-own-void = The one before is no longer valid. Throw it away.
sheet-own-failed = The sheet is not valid. Throw it away and make another one.
sheet-own-failed-old = The sheet is not valid. Throw it away; the one before is, unless you have removed it.
sheet-own-done = Done
sheet-own-skip-old = Keep the sheet you have
sheet-own-again = Make a new sheet
sheet-own-skip = Go on without a sheet
sheet-own-joined = For an emergency you can print a sheet that gets you back in without the Kita. You can also do that later, under “More”, “Your devices”.

## A second head
second-title = A second head
second-lead = Who can head the Kita with you? Your deputy, for example.
second-why = If your device is lost or you are ill, the second person goes on heading the Kita. Alone, only the recovery sheet would be left.
second-name = Name of the second head
second-name-hint = This is how it appears on the letter and in the app.
second-write = Write the letter
second-later = Open without a second head
second-later-hint = You can do this at any time. Until then your home screen reminds you.
second-letter-lead = Print this letter now and hand it to { $name } in person. It is shown only once.
second-print = Print the letter
second-done = To the Kita
second-missing-lead = If your device is lost, nobody else can head the Kita.
second-missing-do = Add a second head
second-waits = { $name } has not joined yet
second-waits-lead = Until then there is no second head.
second-waits-do = View

## Today: parents
today-title = Today
today-date = { $date }
child-expected = Expected today
child-sick-today = Reported sick today
child-sick-until = Reported sick until { $date }
child-away-today = Absent today
child-away-until = Absent until { $date }
child-from = { $kind } from { $date }
child-kind-sick = Sick
child-kind-away = Absent
child-by-me = reported by you
child-by-other = reported by { $name }
child-by-other-unnamed = reported by the other guardian
child-by-house = entered by the Kita
child-report-sick = Report sick
child-report-for = Report sick: { $name }
child-write = Write a message
child-withdraw = Take back
child-withdraw-title = Take back this report?
child-withdraw-lead = The Kita is told that { $name } is coming after all.
child-withdraw-do = Take back report
child-withdrawn = Taken back
child-late = The Kita does not know yet. To be safe, please call: { $help }
child-no-group = No group yet
child-upcoming = Coming up
home-waits = Waiting for you
home-waits-message = { $count ->
    [one] One new message from the group
   *[other] { $count } new messages from the group
}
home-news = News from the Kita
home-all-news = All notices
home-pictures = New pictures
home-all-pictures = All pictures
home-beside = What is new
home-unread = { $count ->
    [one] 1 new message
   *[other] { $count } new messages
}
home-no-news = No notices yet. The newest from the group appears here.
home-no-children = No child is linked to you yet
home-no-children-lead = As soon as the Kita enters it, you will see your child here. Ask: { $help }

## Reporting sick
sick-title = Report for { $name }
sick-kind = What is it?
sick-kind-sick = Sick
sick-kind-away = Not coming, not sick
sick-how-long = For how long?
sick-only-today = Today only
sick-until-tomorrow = Until tomorrow
sick-until = Until …
sick-until-label = Last day
sick-note = What should we know? (optional)
sick-note-hint = Only the educators of the group and the head of the Kita read this. Other guardians learn of the report, not of this note.
sick-note-hint-apart = Only you and the head of the Kita read this. Other guardians learn nothing of this note.
sick-note-staff = Note (optional)
sick-note-hint-staff = The guardians of { $name } can read this, too.
sick-send = Send
sick-enter = Enter
sick-sent = Saved. The report goes to the Kita by itself.
sick-entered = Entered. Team and family can see it.

## Messages
messages-title = Messages
messages-choose = Choose a conversation on the left.
messages-empty = No messages yet
messages-empty-parent = Here you write with your child’s group. Besides you, only its educators and the head of the Kita read along.
messages-empty-apart = Here you write with the Kita. Besides you, only its head reads along.
messages-empty-staff = Once families have joined, their messages appear here.
thread-with-group = Group { $group }
thread-with-house = Kita
thread-about = { $child } · Group { $group }
thread-about-plain = { $child }
thread-empty = Nothing written yet. Only you, the educators of the group and the head of the Kita read here.
thread-empty-apart = Nothing written yet. Only you and the head of the Kita read here.
thread-empty-staff = Nothing written yet. Only this person and the Kita read here, no other family.
thread-you = You
thread-log = Messages with { $name }
composer-label = Message
composer-placeholder = Write a message
composer-send = Send
message-sick = Sick note
message-away = Absence
message-withdrawn = taken back
range-day = { $from }
range-days = { $from } to { $to }

## Notices
bulletins-title = Notices
bulletins-empty = No notices yet
bulletins-empty-parent = What the Kita tells everyone appears here.
bulletins-empty-staff = Write the first notice. Families see it on their home screen.
bulletin-new = Write a notice
bulletin-to = To whom?
bulletin-to-house = All families
bulletin-to-group = Group { $group }
bulletin-subject = Heading
bulletin-body = Text
bulletin-post = Post notice
bulletin-posted = Posted.
bulletin-for-house = Whole Kita
bulletin-for-group = Group { $group }
bulletin-by = { $author }, { $time }
bulletin-unread = New
bulletin-pictures-group = Pictures are for one group. Choose one above, or leave the pictures out.

## Pictures
pictures-title = Pictures
pictures-show = Show pictures
pictures-empty = No pictures yet
pictures-empty-parent = What the group shows appears here. Besides the Kita, only the families it is meant for can see it.
pictures-empty-staff = Show families what happened today.
pictures-filter = Whose pictures?
pictures-filter-all = All
pictures-day = { $when }, { $date }
pictures-of-group = Group { $group }
pictures-of-child = Only for { $child }’s family
pictures-also = also { $names }
pictures-by = { $author }, { $time }
pictures-count = { $count ->
    [one] 1 picture
   *[other] { $count } pictures
}
picture-number = Picture { $number } of { $count }
picture-number-alt = Picture { $number } of { $count }: { $alt }
picture-file-name = picture
picture-error-offline = No network. The picture comes in full size as soon as there is one again.
picture-error-gone = This picture no longer exists.
picture-error = The picture could not be loaded.
transfer-safe = Safe on this device
transfer-preparing = Being prepared
transfer-sending = Being sent
transfer-failed = Set aside
fault-empty = The file is empty. Please choose it again.
fault-too_large = The file is too large. Make it smaller or choose another one.
fault-too_many_pixels = The picture has too many pixels. Make it smaller or take a screenshot of it.
fault-format_unsupported = This browser cannot open this kind of picture, for example HEIC. Take a screenshot of it, or set the camera to “Most Compatible” (JPEG).
fault-not_a_picture = This is not a photo. Choose a picture, for example a JPEG or PNG.
fault-undecodable = The picture is damaged and cannot be opened. Choose it again or take another one.
fault-not_a_pdf = This is not a PDF. Save the document as a PDF, then attach it.
fault-storage_full = There is no room left on this device. Make room and choose it again.
fault-storage_full-kept = There is no room left on this device. It is still on this device: make room and try it again.
fault-lost = It is no longer there, or is damaged. Please choose it again.
fault-withdrawn = It was taken back before it could be shared. You can remove it here.
fault-refused = It was not accepted. It is still on this device: try it again.
fault-no_access = You may not send there any more. It is still on this device: ask the head of the Kita, or remove it.

## Looking at a picture
viewer-label = Look at pictures
viewer-count = { $number } of { $count }
viewer-previous = Previous picture
viewer-next = Next picture
viewer-zoom-in = Larger
viewer-zoom-out = Smaller
viewer-save = Save picture
viewer-describe = Describe
viewer-share = Show to others too
viewer-remove = Remove
viewer-no-alt = No description yet
describe-title = Describe the picture
describe-label = What does it show?
describe-done = Described.
share-to = Who else is to see it?
share-title = Show to others too
share-already = The picture can already be seen by: { $names }.
share-do = Show
share-done = Shown.
remove-title = Remove this picture?
remove-file-title = Remove this file?
remove-lead = It disappears at the Kita and on all devices as soon as they are online. What somebody has saved stays there.
remove-do = Remove
remove-done = Removed.

## Choosing pictures
choose-title = Show pictures
choose-camera = Take a photo
choose-files = Choose pictures
choose-more = Choose more
choose-drop = Or drag pictures here, or paste them.
choose-chosen = Chosen
choose-described = described
choose-alt = What does it show? (optional)
choose-alt-of = What does picture { $number } show? (optional)
choose-alt-hint = For everyone who cannot see the picture. One sentence is enough.
choose-remove = Leave out
choose-consent = Only children whose families have consented.
choose-clean = Place and camera details are removed.
choose-to = Who is to see them?
choose-to-missing = Please choose who is to see the pictures.
choose-child = One family only
choose-which-child = Of which child?
choose-child-none = Please choose
choose-text = A few words (optional)
choose-text-hint = They stand with the pictures among the group’s notices.
choose-text-again = Send the words again
choose-bulletin-title = { $count ->
    [one] A new picture
   *[other] { $count } new pictures
}
choose-submit = { $count ->
    [one] Show picture
   *[other] Show { $count } pictures
}
choose-progress = { $done } of { $count } taken in
choose-stay = Please keep the app open until then. Afterwards everything goes on by itself.
choose-taken = { $count ->
    [one] The picture is safe on this device and will be sent by itself.
   *[other] { $count } pictures are safe on this device and will be sent by themselves.
}
choose-refused = { $count ->
    [one] One file was set aside
   *[other] { $count } files were set aside
}
choose-refused-rest = All the others are on their way.
choose-finished = Done

## Under way
sending-title = Under way
sending-lead = Messages and sick notes always go first.
sending-moving-pictures = { $count ->
    [one] Sending 1 picture
   *[other] Sending { $count } pictures
}
sending-moving-files = { $count ->
    [one] Sending 1 file
   *[other] Sending { $count } files
}
sending-paused-pictures = { $count ->
    [one] Paused: 1 picture is safe on this device
   *[other] Paused: { $count } pictures are safe on this device
}
sending-paused-files = { $count ->
    [one] Paused: 1 file is safe on this device
   *[other] Paused: { $count } files are safe on this device
}
sending-waiting-pictures = { $count ->
    [one] 1 picture is waiting for a network
   *[other] { $count } pictures are waiting for a network
}
sending-waiting-files = { $count ->
    [one] 1 file is waiting for a network
   *[other] { $count } files are waiting for a network
}
sending-both = { $pictures ->
    [one] 1 picture
   *[other] { $pictures } pictures
} and { $files ->
    [one] 1 file
   *[other] { $files } files
}
sending-moving-both = Sending { $both }
sending-paused-both = Paused: { $both } are safe on this device
sending-waiting-both = { $both } are waiting for a network
sending-done = { $count } done
sending-failed = { $count } set aside
sending-pause = Pause
sending-continue = Go on sending
sending-set-aside = Set aside
sending-order = Order
sending-picture = Picture
sending-picture-number = Picture { $number }
sending-remove = Remove: { $name }
sending-remove-all = Remove all
sending-remove-all-title = Remove all { $count }?
sending-remove-all-lead = { $count ->
    [one] One of them can be tried again. Once it is removed, it cannot.
   *[other] { $count } of them can be tried again. Once they are removed, they cannot.
}
sending-retry = Choose pictures again
sending-again = Try again: { $name }
sending-again-all = Try all again
sending-nothing = Nothing under way any more
sending-nothing-lead = What was sent has arrived.

## Attachments
file-about = PDF, { $size }
file-open = Open
file-save = Save: { $name }
fetch-offline = No network. Try again as soon as there is one.
fetch-gone = This no longer exists.
fetch-failed = This could not be loaded. Please try again.
attach = Attach pictures or a PDF
attach-pdf = Attach a PDF

## A group’s day
day-title = Group { $group }
day-expected = { $count ->
    [one] 1 expected
   *[other] { $count } expected
}
day-sick = { $count ->
    [one] 1 sick
   *[other] { $count } sick
}
day-away = { $count ->
    [one] 1 absent
   *[other] { $count } absent
}
day-sums = Today in group { $group }
day-status-expected = expected
day-status-sick = sick
day-status-away = absent
day-children = Children of group { $group }
day-empty = No children in this group yet
day-empty-lead = The head of the Kita enters children under “People”.
day-no-group = You are not in a group yet
day-no-group-lead = The head of the Kita assigns you to a group.
day-reported-by = Reported by { $name }, { $time }
day-reported-house = Entered by the Kita, { $time }
day-reported-family = Reported by the family, { $time }
day-reported-untimed = Report: { $by }
day-not-reported = Nothing has been reported for today.
day-mark-sick = Enter as sick
day-groups = Groups
day-today = Today
day-earlier = Day before
day-later = Day after

## Director: today
director-title = What is waiting for me?
director-nothing = Nothing is waiting for you
director-nothing-lead = Everyone is confirmed, every message is read.
director-joins = Would like to join
director-open-invites = { $count ->
    [one] One letter has not been used yet
   *[other] { $count } letters have not been used yet
}
director-open-invites-show = View
director-unread = Unread messages
director-groups = Today in the groups
director-sums = Today in the whole house
director-start = First steps
director-start-lead = Add a group, then the children with their families. After that, print the letters.
director-start-group = Add the first group
pending-for = { $role } · { $children }
pending-role-guardian = Family
pending-role-educator = Educator
pending-role-director = Head of the Kita
pending-role-place = Group tablet
pending-compare = Does the other device show the same numbers?
pending-confirm = Confirm
pending-decline = Decline
pending-show = Compare numbers
pending-confirmed = { $name } is in.
pending-declined = Declined. { $name } needs a new letter.
pending-decline-title = Really decline?
pending-decline-lead = { $name } can no longer join with this letter. You can print a new one.
pending-title = { $name } would like to join
pending-since = since { $time }

## People
people-title = People
people-choose = Choose a person on the left.
people-children = Children
people-team = Team
people-groups = Groups
people-view = View
people-add-group = Add group
people-add-child = Add child
people-add-guardian = Add guardian
people-add-sibling = The guardian is entered already
people-add-staff = Add team member
people-print-letters = Print letters
people-print-open = { $count ->
    [one] Print one letter
   *[other] Print { $count } letters
}
people-select-letters = For whom would you like to print letters?
people-select-all = Select all
people-select-hint = Whoever has joined is not in this list. A new letter makes the old one invalid.
people-select-none = Everyone has a letter or has joined
people-no-groups = No groups yet
people-no-groups-lead = Every group has a name and a symbol that the children know too.
people-no-children = No children yet
people-no-children-lead = Add the children, then their families.
people-no-team = You are alone in the team
people-no-team-lead = Add educators and a second head of the Kita.
people-no-guardians = Nobody entered yet
people-guardians = Family
people-symbol = Symbol of the group
people-group-name = Name of the group
people-name = Name
people-child-name = Name of the child
people-guardian-name = Name of the guardian
people-role = Role
people-role-educator = Educator
people-role-director = Head of the Kita
people-role-place = Group tablet (shared by the team)
people-role-guardian = Family
people-groups-of = Groups
people-group = Group
people-child-count = { $count ->
    [0] No children yet
    [one] 1 child
   *[other] { $count } children
}
people-create = Add
people-created = { $name } has been added.
people-me = You
stage-none = No letter yet
stage-invited = Letter printed
stage-invited-until = Letter printed, valid until { $date }
stage-joining = Waiting to be confirmed
stage-member = Joined
stage-member-devices = { $count ->
    [one] Joined, 1 device
   *[other] Joined, { $count } devices
}
stage-ended = Access ended
stage-expired = Letter expired
stage-revoked = Letter withdrawn
person-print-letter = Print letter
person-print-again = Print new letter
person-revoke = Withdraw letter
person-revoke-title = Withdraw this letter?
person-revoke-lead = The code on the letter for { $name } is then no longer valid.
person-revoked = The letter is no longer valid.
person-new-device-ask = Device lost or replaced?
person-new-device = New letter (another device)
person-new-device-full = There are { $count } devices already (a sheet counts, too), there cannot be more. End one, then there is room for another.
symbol-hedgehog = Hedgehog
symbol-squirrel = Squirrel
symbol-owl = Owl
symbol-fox = Fox
symbol-snail = Snail
symbol-ladybird = Ladybird
symbol-bee = Bee
symbol-frog = Frog

## Families and circles
kin-of = Family of { $child }
kin-open = Rights and access
kin-open-of = Rights and access: { $name }
kin-rights = What applies for { $child }
kin-custody = Custody
kin-custody-joint = joint
kin-custody-sole = sole
kin-custody-court = guardian appointed by a court
kin-custody-foster = foster parent
kin-custody-none = none
kin-lives = Home
kin-lives-yes = { $child } lives with { $name }
kin-lives-no = { $child } does not live with { $name }
kin-information = Information
kin-information-yes = is kept informed
kin-information-no = is not kept informed
kin-collect = Collecting
kin-collect-yes = may collect
kin-collect-no = may not collect
kin-change = Change
kin-change-of = Change the rights of { $name }
kin-sees = What { $name } sees
kin-sees-nothing = Nothing new about { $child }. What is on their devices stays there.
kin-sees-child = Notes, pictures and absences of { $child }
kin-sees-group = Notices and pictures of the group
kin-sees-thread = Their own conversation with the Kita about { $child }
kin-sees-apart = Notices, notes and absences of { $child }, apart from the others
kin-sees-yes = yes
kin-sees-no = no
kin-form-custody = Custody of { $child }
kin-form-rest = Also
kin-form-joint = Together with somebody else
kin-form-sole = Alone
kin-form-court = Guardian appointed by a court
kin-form-foster = Foster parent
kin-form-none = No custody
kin-form-information = Has a right to be informed
kin-form-information-hint = Without it, access to { $child } ends. Take it away only with a court order or if everybody agrees.
kin-form-collect = May collect { $child }
kin-form-collect-hint = The team acts on it. It changes nothing about reading.
kin-form-lives = { $child } lives with this person
kin-form-rights = Does anything special apply to custody, information or collecting?
kin-form-save = Set it like this
kin-form-save-later = Schedule for that day
kin-form-protect = Must nobody learn of this person?
kin-form-protect-on = Protect from the start
kin-form-protect-1 = Only the heads of the Kita and the people chosen know name, devices and times. Other guardians and the rest of the team do not learn that this person is here.
kin-form-protect-2 = They write with the heads of the Kita only. Notices, notes and absences reach them, apart from the others; pictures do not.
kin-form-protect-3 = Hand over the letter in person only.
kin-form-protect-contacts-hint = Every guardian of the child reads this. Take out what belongs to this person. Only the heads of the Kita, the people chosen and the person read it from then on.
kin-follows = What changes
kin-follows-none = Nothing changes about what { $name } reads.
kin-follows-child-lost = { $name } sees nothing new about { $child }: no notes, pictures or absences.
kin-follows-child-gained = { $name } sees notes, pictures and absences of { $child }, earlier ones too.
kin-follows-group-lost = Notices and pictures of the group no longer reach { $name }.
kin-follows-group-gained = { $name } sees notices and pictures of the group.
kin-follows-group-stays = { $name } goes on seeing the group, because of a sibling.
kin-follows-thread-lost = The conversation with the Kita about { $child } is closed. Writing is no longer possible.
kin-follows-thread-gained = { $name } can write with the Kita about { $child } in confidence.
kin-follows-kept = What is on the devices of { $name } stays there. They read “access ended”, without a reason.
kin-follows-others = Nothing changes for other people and other children.
kin-saved = This applies for { $name } from now on.
kin-when = From when?
kin-when-now = From now on
kin-when-later = On a later day
kin-when-day = Day
kin-when-hint = On that day a device of the team carries out the change, also when you are not there.
kin-plans = Scheduled
kin-plan-on = From { $day }
kin-plan-guardian = New rights for { $name }
kin-plan-custody = Custody: { $custody }
kin-plan-move = { $child } moves to the group { $group }
kin-plan-leave = { $child } leaves the Kita
kin-plan-end = The access of { $name } ends
kin-plan-by = Scheduled by { $name }
kin-plan-due = Due today: carried out as soon as a device of the team has a network.
kin-plan-failed = No longer possible like this. Please take it back and set it anew.
kin-plan-cancel = Take back
kin-plan-cancel-of = Take back: { $what }
kin-plan-cancelled = Taken back. Everything stays as it is.
kin-plan-noted = Scheduled for { $day }.
kin-plans-over = Over
kin-plan-was-done = Carried out for { $day }
kin-plan-was-withdrawn = Taken back, it was for { $day }
kin-plan-was-failed = Not carried out on { $day }
kin-plan-more = Show earlier ones
kin-plan-why-not_found = The person, child or group was no longer there as planned.
kin-plan-why-not_allowed = By then the person was protected. Change it there, at once.
kin-plan-why-not_plannable = It would have needed something new that cannot be scheduled. Do it on the day itself.
kin-plan-why-needs_second = That takes two, and the second one’s consent no longer counts.
kin-plan-why-other = It was no longer possible. Decide it anew if it is still needed.
kin-protection = Protection
kin-protection-off = Other guardians see the name, the team sees the messages.
kin-protection-on = Protected. Only the heads of the Kita and the people named still know of { $name }.
kin-protected = Protected
kin-protect = Protect
kin-protect-of = Protect { $name }
kin-protect-lead = For example when nobody may learn where somebody lives or stays.
kin-protect-named = Who in the team is to know?
kin-protect-named-hint = The heads of the Kita always know. Choose as few as possible.
kin-protect-nobody = Nobody in the team has joined yet. Then only the heads of the Kita know.
kin-protect-1 = Whether { $name } reads here, when and with which devices, is known only to the heads of the Kita and the people chosen.
kin-protect-2 = { $name } writes with the heads of the Kita only. Notices, notes and absences of { $child } go on arriving, apart from the others; pictures do not.
kin-protect-3 = The name goes from the child’s circle, from earlier entries too. In texts, pictures and on paper, what stands there stays.
kin-protect-contacts = Whom we call for { $child }
kin-protect-contacts-hint = Every guardian of the child reads this. Take out what belongs to { $name }. Only the heads of the Kita, the people chosen and { $name } read it from then on.
kin-protect-untimed = Write down no more when the child comes and leaves
kin-protect-untimed-hint = Other guardians read these times otherwise. Times of earlier days go; “here” and “gone” stay.
kin-protect-plans = What was planned for { $name } is dropped: the whole team reads what is planned. Set it on that day yourself.
kin-form-protected-now = Holds at once. It cannot be scheduled for somebody protected, since the whole team reads what is planned.
kin-contacts-apart = Whom we also call for { $child }
kin-protect-do = Turn protection on
kin-protect-done = { $name } is protected.
kin-unprotect = End protection
kin-unprotect-title = End the protection of { $name }?
kin-unprotect-lead = { $name } then stands with { $child } and the group again, as their rights say. The team and other guardians see the name again.
kin-unprotect-contacts = The number that only a few know does not come back by itself: write it down first.
kin-unprotect-done = Protection has ended.
kin-named = Besides the heads of the Kita, these know: { $named }.
kin-named-nobody = Nobody but the heads of the Kita knows.
kin-named-missing = Not yet among them, having become a head of the Kita later: { $named }. Choose anew who knows, then they read along.
kin-named-unknown = Only a head of the Kita who was there when protection began sees who is named. They can choose the names anew, then you read along as well.
kin-named-change = Change who knows
kin-named-of = Who knows of { $name }
kin-named-come = { $named } will know of { $name } and read what is written there.
kin-named-gone = { $named } will read nothing new there about { $name }.
kin-named-kept = What has been read cannot be taken back.
kin-named-done = Saved.
kin-child-more = Group and leaving
kin-move = Change group
kin-move-of = { $child } changes group
kin-move-to = New group
kin-move-1 = The team { $to } reads everything about { $child }, what was written before too.
kin-move-2 = The team { $from } reads nothing new about { $child }.
kin-move-3 = The family sees the group { $to } instead of { $from }, unless a sibling is there.
kin-move-do = Change group
kin-moved = { $child } is now in the group { $to }.
kin-move-none = There is only this one group.
kin-leave = Child leaves the Kita
kin-leave-of = { $child } leaves the Kita
kin-leave-1 = The family sees nothing new about { $child }, and of the group only if a sibling is there.
kin-leave-2 = What is on the family’s devices stays there: pictures, messages, notices.
kin-leave-3 = The team can go on reading what was written about { $child }.
kin-leave-do = Confirm leaving
kin-left = { $child } has left the Kita.
kin-left-chip = No longer in the Kita
kin-notes = Notes for the family
kin-access = Access
kin-end = End access
kin-end-title = End the access of { $name }?
kin-end-1 = { $name } receives nothing new from the Kita, not about other children either.
kin-end-2 = What is on their devices stays there. They read “access ended”, without a reason.
kin-end-3 = A mistake? You or another head can readmit { $name }.
kin-ended = The access of { $name } has ended.
kin-only-here = Only for { $child }? Then change the rights above.
kin-readmit = Readmit
kin-readmit-title = Readmit { $name }?
kin-readmit-1 = { $name } gets the earlier rights back, and reads what was written meanwhile too.
kin-readmit-2 = The old devices are no longer valid. Print a new letter afterwards.
kin-readmitted = { $name } is readmitted. Now a letter is needed.
kin-substitute = As a substitute only
kin-substitute-until = Last day
kin-substitute-hint = After that, the access ends by itself.
people-choose-group = Choose a group on the left.
kin-group-letters = Letters for the whole group
kin-group-letters-lead = For everybody in the group { $group } who has not joined yet, in one print run.
kin-group-children = Children
kin-group-team = Team
kin-group-nobody = Nobody yet
horizon = Newcomers see only what is new
horizon-when = For a new Kita year, say: whoever comes later does not read what was here before.
horizon-when-all = For a new Kita year, say: whoever comes later does not read what went to all families before.
horizon-ask = See what that means
horizon-of = { $name }: newcomers see only what is new
horizon-families = Families who come to “{ $name }” from now on see nothing of what is here so far.
horizon-families-all = Families who come from now on see nothing of what went to all families so far.
horizon-present = Whoever is there already keeps everything.
horizon-team = The team goes on reading everything.
horizon-forever = This cannot be undone.
horizon-do = Only what is new
horizon-done = { $name }: newcomers see only what is new from now on.
board-title = Notes
board-staff = Notes in the team
board-staff-who = Only the team reads here.
board-council = Parents’ council
board-council-who = Only those named here can read.
board-guarded = Confidential circle
board-guarded-who = Only those named here can read, nobody else, not even the heads of the Kita.
board-apart = Protected: { $name }
board-apart-own = Only for you and those named here
board-apart-who = Only those named here read this, nobody else.
board-child = Notes about { $child }
board-child-who-staff = The team and the guardians of { $child } read here. Whoever answers writes in their own conversation with the Kita.
board-child-who-family = The Kita writes here for all guardians of { $child }. Write your answer under “Messages”.
board-child-line = For the family
board-child-line-family = From the Kita
board-members = Who reads here
board-member-unnamed = Guardian
board-you = you
board-empty = No note yet
board-write = Write a note
board-note-title = Heading
board-note-body = Text
board-note-post = Post note
board-note-posted = The note is posted.
board-note-by = { $author }, { $time }
board-note-remove = Take back
board-note-remove-of = Take back: { $title }
board-note-remove-title = Take the note back?
board-note-remove-lead = Nobody will be shown it any more. Whoever has read it knows what it said.
board-note-removed = The note has been taken back.
board-seen = Arrived
board-ended = You can no longer write here.
board-new = New circle
board-new-guarded = New confidential circle
board-new-guarded-lead = For example for a talk under § 8a. Only those chosen read what stands there; nobody can be added later.
board-new-name = Name of the circle
board-new-name-hint = Only those who belong read the name.
board-new-staff = Who from the team?
board-new-guardian = A guardian too?
board-new-guardian-none = Nobody from a family
board-new-self = Include me
board-new-self-hint = Otherwise you see neither the circle nor its name.
board-new-self-hint-council = Otherwise you do not see what stands there.
board-new-nobody = Please choose at least one person of the team.
board-new-council = New parents’ council
board-new-council-lead = The elected parents write to each other here. The Kita does not read, unless you choose yourself.
board-new-council-members = Who is elected?
board-new-council-nobody = Please choose at least one guardian.
board-new-do = Create
board-made = The circle is created.
board-made-others = The circle is created. You do not belong to it.
ended-child = Access ended
ended-child-lead = Nothing new comes about { $child }. What you have stays on this device. The Kita answers questions: { $help }.
ended-thread = Access ended. What you have stays on this device.
ended-thread-staff = This conversation is closed.
ended-read = Look at what is here
ended-line = Your access to { $house } has ended. What you have stays on this device.

## Letters
letters-title = Letters
letters-lead = Each letter is shown once. Print now. Fold it twice and the address fits the window.
letters-making = { $count ->
    [one] Writing the letter
   *[other] Writing { $count } letters
}
letters-print = { $count ->
    [one] Print letter
   *[other] Print { $count } letters
}
letters-done = Done
letters-failed = { $name }: { $reason }
letter-personal = To be handed over in person
letter-to-child = for { $children }
letter-date = { $date }
letter-subject-guardian = Your access to { $house }
letter-subject-staff = Your access to the team of { $house }
letter-hello = Dear { $name }
letter-intro-guardian = with this letter you read what the Kita writes, write with the group and report your child sick. You need no e-mail address and no password. Only Kita and family can read it.
letter-intro-staff = with this letter your device joins the team of the Kita. You need no e-mail address and no password.
letter-code = Your code
letter-address = Address
letter-fingerprint = Mark of the house
letter-valid = Valid until
letter-help = Help
letter-once = The code is for one person and works once. Do not pass it on. If you lose it, tell the Kita: the letter becomes invalid and you get a new one.
letter-steps-title = How it works
letter-step-1 = Open the address or read the square with your camera.
letter-step-2 = Choose “I have received a letter”, scan or type the code.
letter-step-3 = Compare the mark of the house, choose “Join”.
letter-step-4 = Show the numbers on your device at the Kita. Done.

## More
more-title = More
more-fingerprint = Mark
more-help = Help
more-notice = Privacy notice
more-you = Your name here
more-role = Your role here
more-edit-house = Change the details of the Kita
more-display = Display
more-language = Language
more-language-de = Deutsch
more-language-en = English
more-theme = Colours
more-theme-system = Like the device
more-theme-light = Light
more-theme-dark = Dark
more-houses = Another Kita
more-join-another = Join with another letter
more-found-another = Set up another Kita
more-install = Use as an app
more-install-do = Put on this device
more-install-ios-1 = In Safari, tap “Share”.
more-install-ios-2 = Choose “Add to Home Screen”.
more-install-ios-3 = Open Nestpost from there, and join only then.
more-install-ios-why = Only then does an iPhone keep what you read and write here.
more-installed = Nestpost is on this device as an app.
more-install-menu = In the browser’s menu choose “Install app” or “Add to home screen”.
more-about = About Nestpost
more-about-text = Nestpost shows no advertising and counts nobody. Everything you write is locked on your device.
more-version = Version { $version }
more-licences = Licences of the components
settings-title = Details of the Kita
settings-saved = The details are saved.

## Devices
devices-title = Your devices
devices-lead = These devices read and write at { $house } in your name. Only you see what they are called.
devices-this = this device
devices-this-one = This device
devices-unnamed = Device without a name
devices-new = new
devices-new-lead = Is it yours? Then give it a name. If not, remove it and tell the Kita.
devices-sheet = Recovery sheet
devices-sheet-lead = On paper. Whoever has it gets in with it in your name.
devices-sheet-printed = Printed on this device on { $date }.
devices-sheet-new = A recovery sheet was made on another of your devices. If that was not you, remove it and tell the Kita.
devices-sheet-know = That was me
devices-name = Give a name
devices-rename = Rename
devices-name-title = What is this device called?
devices-name-label = Name
devices-name-hint = For example “phone” or “tablet at home”. Only your own devices see the name.
devices-end = Remove
devices-end-this = Sign out here
devices-end-title = Remove { $name }?
devices-end-this-title = Sign out on this device?
devices-end-lead-own = It gets nothing new any more. As soon as it has a network again, the app deletes everything from { $house } there. If you find it again, add it with a new code.
devices-end-lead-this = Everything from { $house } is deleted from this device. Your other devices stay.
devices-end-lead-last = Everything from { $house } is deleted from this device. It is your only one: after that you only get back in with a new letter from the Kita, or with your recovery sheet.
devices-end-lead-sheet = The sheet opens nothing any more. You can make a new one at any time.
devices-ended = { $name } has been removed.
devices-add = Add another device
devices-full = You have four devices, there cannot be more. Remove one that you no longer need.
devices-past = { $count ->
    [one] One removed device
   *[other] { $count } removed devices
}
devices-lost = Lost a device?
devices-lost-here = Remove it in this list. Whoever finds it gets nothing new, and the app deletes everything there as soon as it has a network.
devices-lost-sheet = If none of your devices is left, your recovery sheet gets you back in.
devices-lost-none = If you have none, call the Kita: { $help }. They remove the old one, and you get a new letter. What was there before you go on reading on the new device.
pair-lead = You need both devices. In the end the new one shows the same as this one.
pair-name = Name of the new device
pair-make = Show code
pair-making = The code is being prepared
pair-code-title = Add { $name }
pair-step-open = On the new device, open { $address }.
pair-step-choose = Choose “I have received a letter”.
pair-step-scan = Scan this square there, or type the code.
pair-qr = Square to scan with the new device
pair-typed = Code to type
pair-waiting = It goes on here as soon as the new device has the code.
pair-offline = No network. It goes on as soon as there is one again.
pair-once = The code is valid for one day and works once. Show it to nobody.
pair-compare-title = Compare the numbers
pair-compare = Do both devices show the same numbers?
pair-confirm = Yes, add it
pair-decline = No, cancel
pair-declined = Cancelled. The other device has not been added, and the code is no longer valid.
pair-done-title = Done
pair-done = { $name } has been added.
pair-done-do = To your devices
pending-own = A device wants to be added
pending-own-lead = as a device of your own
pending-own-title = Is this your new device?
pending-own-confirmed = The new device has been added.
pending-own-decline-lead = Then the device is not added, and the code is no longer valid. If that was not you, tell the Kita.
greeting-own = This device becomes one of yours and is called “{ $name }”.
greeting-own-compare = Your other device shows the same mark under “More”. Only if they are equal are you in the right place.
digits-own-title = Compare with your other device
digits-own-lead = Your other device shows the same numbers. If all are equal, choose “Yes, add it” there.
digits-own-waiting = Confirm on your other device. You can close the app, nothing gets lost.
digits-own-give-up-lead = The code is used up then. Make a new one on your other device.
lost-check = Before you remove a device, call back on the number you know. Only then can you be sure that it really is this person.
lost-devices = Devices of { $name }
lost-device = Device { $number }
lost-end-all-sheet = { $count ->
    [0] Remove the sheet, new letter
    [one] Remove the device and the sheet, new letter
   *[other] Remove all devices and the sheet, new letter
}
lost-past = { $count ->
    [one] One earlier device has been removed.
   *[other] { $count } earlier devices have been removed.
}
lost-end-all = { $count ->
    [one] Remove the device, new letter
   *[other] Remove all devices, new letter
}
lost-end-title = Remove the devices of { $name }?
lost-end-one-title = Remove { $device } of { $name }?
lost-end-means-new = Nothing new arrives there any more.
lost-end-means-wipe = As soon as it has a network, the app deletes everything from this Kita there.
lost-ended-sheet = The sheet has been removed.
lost-end-means-sheet = This person’s recovery sheet opens nothing any more.
lost-end-means-others = Other devices of this person stay.
lost-end-means-letter = { $name } gets back in with the new letter, and goes on reading there what was there before.
lost-ended = { $count ->
    [one] The device has been removed.
   *[other] The devices have been removed.
}

## Heads
lead-title = Heads
lead-lead = Who heads { $house }, and what only two can do together.
lead-directors = Who heads it
lead-add = Add another head
lead-handover = Hand over to somebody else
lead-handover-1 = Add the new head and give them the letter in person.
lead-handover-2 = Compare the numbers on both devices. Only then do they belong, and read what belongs to the heads.
lead-handover-3 = What only named people read, about child protection for example, they do not read. If they are to read it, those people create a new circle with them.
lead-handover-4 = On the last day, end the role of the old head. That takes two: another head agrees, or you use the recovery sheet. Conversations stay with the Kita.
lead-alone = The other head is no longer there
lead-alone-lead = If somebody can suddenly not be reached any more, go to the provider of the Kita and fetch the recovery sheet. Open this person under “People”, choose “End role” and enter the code from the sheet.
lead-alone-sheet = Add a second head right afterwards. The sheet goes back into the safe.
lead-alone-nothing = Whoever runs Nestpost for you can restore nothing and read nothing.
lead-dissolve = Dissolve the Kita
lead-dissolve-lead = When the Kita closes. Nobody can write or join afterwards.
lead-dissolve-do = Dissolve the Kita
lead-dissolve-title = Dissolve { $house }?
lead-dissolve-verb = Dissolve for good
lead-dissolve-means-write = From now on nobody can write, join or report a child sick.
lead-dissolve-means-read = Everybody goes on reading what is there. Usually after 90 days it is deleted at whoever runs it; what is on the devices stays there.
lead-dissolve-means-forever = This cannot be undone.
lead-dissolved = { $house } has been dissolved.
second-choice = This takes two
second-choice-ask = Ask another head
second-choice-sheet = With the recovery sheet
second-choice-ask-lead = The other head sees it on their home screen. Nothing changes until they agree.
second-choice-code = Code from the recovery sheet
second-choice-code-hint = Fourteen groups. Capital or small does not matter. The code does not stay on this device.
second-choice-refused = This code is not valid here. Compare every character. It has to be the newest recovery sheet of the Kita, not that of a person.
second-choice-do = Propose
proposals-title = This takes two
proposal-remove_person = { $name } is to head the Kita no longer
proposal-end_device = A device of { $name } is to be removed
proposal-dissolve_house = { $house } is to be dissolved
proposal-confirm_move = Go on with { $house }
proposal-later = Remove { $name } as a head, last day { $day }
proposal-lead-remove_person = Their access ends at once, on all devices. A new letter can undo that.
proposal-lead-end_device = Nothing new arrives there any more, and the app deletes everything from this Kita there.
proposal-lead-dissolve_house = Nobody can write or join afterwards. This cannot be undone.
proposal-lead-later = After that the access ends on all devices, as soon as a device of a head has a network. Until then it can be taken back under “Scheduled”.
proposal-lead-due = This takes effect at once, because the last day is over: access ends on all devices. A new letter can undo it.
proposal-due = The last day is over: agreeing now ends the access at once.
proposal-by = Proposed by { $name }, { $time }
proposal-mine = Proposed by you, { $time }. Another head has to agree.
proposal-agree = Agree
proposal-decline = Decline
proposal-withdraw = Withdraw
proposal-made = Proposed. Another head has to agree.
proposal-agreed = Agreed. It is being carried out.
proposal-agreed-later = Agreed. It is scheduled.
proposal-declined = Declined. Everything stays as it is.
proposal-withdrawn = Withdrawn. Everything stays as it is.
endrole = End role
endrole-title = End the role of { $name }?
endrole-means-access = This person reads and writes nothing here any more. Their devices show nothing any more.
endrole-means-writings = What they wrote, and all conversations with families, stay with the Kita.
endrole-means-director = They no longer head the Kita and can let nobody in. Letters they printed are no longer valid.
endrole-means-devices = If they come back, let them in again with a new letter.
endrole-later = Only on a later day
endrole-day = Last day
endrole-day-hint = After it, the role ends as soon as a device of the Kita has a network.
endrole-plan = Plan
endrole-do = End role
endrole-planned = Planned: after it, the role of { $name } ends.
endrole-done = The role of { $name } has ended.

## Recovery
welcome-recover = Open with the recovery sheet
sheet-paper-house = Code of the Kita
recover-title = With the recovery sheet
recover-lead = When none of your devices is left. If you still have one, add a new one with it; that works without the sheet.
recover-scan = Scan the square on the sheet
recover-house = Code of the Kita
recover-house-hint = Fourteen groups, right below it on the sheet.
recover-code = Code of the sheet
recover-code-hint = Fourteen groups. Capital or small does not matter, the app sets the dashes.
recover-looking = The sheet is being checked
recover-mistyped = One character is not right. Please compare both codes with the sheet.
recover-unknown = This sheet is not valid here. Perhaps there is a newer one, or you are at another address.
recover-who-title = Open { $house }
recover-who-lead = Whose device will this be?
recover-who = Who heads it
recover-end-others = Remove the devices this person had so far
recover-means = Then you print a new sheet; until you confirm it, the old one is valid. Everybody in the team sees that a device was added.
recover-do = Open the Kita
recover-busy = The Kita is being opened. This takes a moment.
recover-sheet-title = A new sheet
recover-sheet-lead = The Kita is open. Now print the new sheet for the safe; once you confirm it, the old one is no longer valid.
recover-sheet-own = You are back. Print a new sheet; once you confirm it, the old one is no longer valid.
recover-sheet-both = The old sheet could not be ended, both are valid: destroy the old one.
recover-sheet-void = The old sheet is no longer valid: destroy it. Put the new one in the safe.
recover-own-title = Welcome back, { $name }
recover-own-lead = This device will then read and write at { $house } in your name.
recover-own-end = Remove the devices I had so far
recover-own-means = Then you print a new sheet; until you confirm it, the old one is valid. The Kita sees that a device was added.
recover-own-do = Go on with this device

## Lately
wiped-title = This device has been removed
wiped-lead = Everything from the Kita has been deleted here. What had arrived is safe there. If you did not want this, call the Kita. With a new letter you get back in.
wiped-do = Join with a letter
lately-title = What happened lately
lately-lead = Who has been added, and who decided what. The times come from each device.
lately-lead-staff = Who works here and who heads the Kita: what has changed over the last three months, and who decided it. Also if somebody opened the Kita with the recovery sheet.
lately-devices = Devices of the last 30 days
lately-none = No device has been added.
lately-met = confirmed by { $name }
lately-own = from another device of their own
lately-sheet = with the recovery sheet
lately-ended = removed
lately-removed = please check
lately-removed-lead = Whoever confirmed this device no longer belongs. Ask whether it really is this person. If not, remove it under “People”.
acts-title = Decisions of the last 90 days
acts-more = Show older ones
somebody = somebody
act-by-sheet = Somebody with the recovery sheet
act-by-unknown = Somebody whose name has not come yet
act-after = after { $time }
act-agreed = { $name } agreed
act-agreed-sheet = with the recovery sheet
act-carried-out = carried out by { $name }
act-founded = { $by } set up { $name }
act-role_given = { $by } added { $name }
act-role_ended = { $by } ended the access of { $name }
act-invited = { $by } made a letter for { $name }
act-invite_ended = { $by } withdrew the letter for { $name }
act-confirmed = { $by } confirmed a device of { $name }
act-device_added = { $by } added a device of { $name }
act-device_ended = { $by } removed a device of { $name }
act-group_made = { $by } created the group { $name }
act-child_made = { $by } created { $name }
act-guarded_made = { $by } created a confidential circle: { $name }
act-council_made = { $by } created the parents’ council: { $name }
act-thread_made = { $by } opened a conversation: { $name }
act-thread_ended = { $by } ended a conversation: { $name }
act-reads_child = { $by } gave access to a child: { $name }
act-reads_child_ended = { $by } ended access to a child: { $name }
act-in_group = { $by } added to a group: { $name }
act-in_group_ended = { $by } took out of a group: { $name }
act-child_in_group = { $by } put a child into a group: { $name }
act-child_in_group_ended = { $by } took a child out of a group: { $name }
act-in_guarded = { $by } added to a confidential circle: { $name }
act-in_guarded_ended = { $by } took out of a confidential circle: { $name }
act-in_council = { $by } added to the parents’ council: { $name }
act-in_council_ended = { $by } took out of the parents’ council: { $name }
act-protected = { $by } put { $name } under protection
act-protection_ended = { $by } ended the protection of { $name }
act-goes_on = { $by } confirmed that { $name } goes on after a restore
act-moved = { $by } confirmed that { $name } goes on with another Nestpost service or at another address
act-dissolved = { $by } dissolved { $name }
overtaken-title = Not gone through
overtaken-lead = You decided this on this device. By the time it arrived, something in the Kita had changed.
overtaken-none = Everything you decided has gone through.
overtaken-not = You had decided
overtaken-unknown = It no longer fitted what holds by now. See whether it is still needed.
overtaken-open = To { $name }
overtaken-forget = Done
overtaken-other = A setting of the Kita
overtaken-founded = Set up { $name }
overtaken-role_given = Add { $name }
overtaken-role_ended = End the access of { $name }
overtaken-invited = A letter for { $name }
overtaken-invite_ended = Withdraw the letter for { $name }
overtaken-confirmed = Confirm a device of { $name }
overtaken-device_added = Add a device of { $name }
overtaken-device_ended = Remove a device of { $name }
overtaken-group_made = Create the group { $name }
overtaken-child_made = Create { $name }
overtaken-guarded_made = Create a confidential circle
overtaken-council_made = Create the parents’ council
overtaken-thread_made = Open a conversation: { $name }
overtaken-thread_ended = End a conversation: { $name }
overtaken-reads_child = Give access to a child: { $name }
overtaken-reads_child_ended = End access to a child: { $name }
overtaken-in_group = Add to a group: { $name }
overtaken-in_group_ended = Take out of a group: { $name }
overtaken-child_in_group = Put a child into a group: { $name }
overtaken-child_in_group_ended = Take a child out of a group: { $name }
overtaken-in_guarded = Add to a confidential circle: { $name }
overtaken-in_guarded_ended = Take out of a confidential circle: { $name }
overtaken-in_council = Add to the parents’ council: { $name }
overtaken-in_council_ended = Take out of the parents’ council: { $name }
overtaken-protected = Put { $name } under protection
overtaken-protection_ended = End the protection of { $name }
overtaken-goes_on = Go on with { $name } after a restore
overtaken-moved = Go on with { $name } at another service or address
overtaken-dissolved = Dissolve { $name }

## Evidence
evidence-title = What is not right
evidence-lead = This is what this device has noticed and what cannot be right. It takes nothing of it, and everything else goes on.
evidence-none = Nothing has been noticed so far.
evidence-doubt = Two lists of who belongs to the Kita
evidence-doubt-means = One of the lists is wrong, or somebody has altered it. This device keeps to the list that it has checked, and changes nothing about it.
evidence-doubt-way = Tell the head of the Kita ({ $help }). They compare the lists and let the Kita go on with the right one. After that this notice goes away, and what waits here follows by itself.
evidence-doubt-way-lead = Compare with another head of the Kita, on both devices, who belongs to it. Then have whoever runs Nestpost provide the Kita anew, as for a move. Confirm that together, or with the recovery sheet: after that there is one list again, and what waits here follows by itself.
evidence-doubt-device = Until then you cannot remove a lost device of yours from here. Call the Kita, its head removes it: { $help }
evidence-unkept = There is no evidence of it that could be shown to others.
evidence-relay = The Kita’s Nestpost service has signed two different histories. That is proven.
evidence-relay_unproven = The Kita’s Nestpost service has shown another history than before. Perhaps it was restored from a backup.
evidence-relay_or_device = The Kita’s Nestpost service and a device contradict each other. One of the two is wrong.
evidence-unproven = An entry does not fit what was there before.
evidence-device = A device has signed something that may not be. That is proven.
evidence-device-of = A device of { $name } has signed something that may not be. That is proven.
evidence-save = Save the evidence
evidence-what = The file contains signatures of devices and numbers, no names and no contents.
evidence-do = Give the file to the head of the Kita. If the service contradicts itself, give it to the provider of the Kita or the data protection authority as well, not only to whoever runs Nestpost. Help: { $help }
evidence-do-lead = Save the file and give it to the provider of the Kita. It may speak against whoever runs Nestpost, so giving it to them alone is not enough. What is proven belongs before the data protection authority, too.
alarm-evidence-do = View
alarm-relay_moved-do = Confirm the move
alarm-relay_restored-do = Check and confirm
move-title = Has the Kita moved?
move-means-asked = Confirm only if you have agreed on the move with whoever runs Nestpost for you.
move-means-write = Afterwards everybody can write again. Nobody has to join anew, and what waits follows.
move-means-not = If you know of no move, do not confirm, and call them.
move-address = New address
move-address-hint = Only if Nestpost is reached at another address from now on.
move-address-wrong = That is no address. It begins with https://
move-means-address = The new address is { $address }
move-do = Confirm the move
move-confirmed = The move is confirmed.
restored-title = Is everything back?
restored-missing = { $count ->
    [0] Nothing is missing of what this device knows.
    [one] { $count } entry that this device knows is still missing. Leave the app open, or wait for a device that has it too.
   *[other] { $count } entries that this device knows are still missing. Leave the app open, or wait for a device that has them too.
}
restored-missing-days = What is missing, by day
restored-missing-day = { $day }: { $count }
restored-missing-earlier = earlier: { $count }
restored-means-wait = It is best to confirm once every group has been online. What is missing then comes back only when the device that wrote it is online.
restored-means-asked = Confirm only if whoever runs Nestpost for you has put a backup back. If you know of none, call them.
restored-do = Confirm
restored-confirmed = Confirmed. The Kita goes on.

## Notes
alarm-sheet_missing = The recovery sheet has not been printed yet. Without it all data is lost once no device of a head of the Kita is left.
alarm-sheet_missing-do = View sheet
alarm-sheet_missing-confirm = Confirm as printed
alarm-one_director = No second head yet
alarm-overtaken = { $count ->
    [one] One of your decisions did not go through: somebody else was faster.
   *[other] { $count } of your decisions did not go through: somebody else was faster.
}
alarm-overtaken-do = View
alarm-proposal = Another head has proposed something that takes two to decide: agree or decline.
alarm-dissolved = This Kita has been dissolved. Nobody can write here any more. You can go on reading until the data is deleted, usually after 90 days. What is on this device stays here.
alarm-device_copied = This device may have been restored from a backup or copied. What you wrote is here. If that was not you, tell the Kita.
alarm-device_new = A device belongs to your access that has no name here yet. Please check whether it is yours.
alarm-device_new-do = View devices
alarm-relay_rewound = This device is shown another history than before: the Kita has been set back to an earlier state, or two devices contradict each other. What you wrote is safe on this device, but may not arrive. Please tell the Kita.
alarm-log_doubted = This device has been shown two different lists of who belongs to the Kita. Until that is cleared up, nobody is let in or removed from here, nor a device of your own. Everything else goes on. Please look at what to do.
alarm-relay_moved = Your Kita is stored in another place now. What you write now stays safe on this device and arrives once the head of the Kita has confirmed the move.
alarm-relay_restored = Your Kita has been restored from a backup, and the devices add what is missing in it. What you write now stays safe on this device and arrives once the head of the Kita has confirmed it.
alarm-address_new = Your Kita has a new address: { $address }. This device goes on here as long as the old one exists. Open the new one and add it there with a code, as another device.
alarm-address_new-do = Show a code
alarm-app_outdated = This app is too old to send. What you wrote is safe on this device.
alarm-app_outdated-do = Update
alarm-storage_refused = This browser may not keep anything here. What you write now is lost when you close it. Install Nestpost as an app or leave the private window.
alarm-storage_full = The storage of this device is full. What is here is safe. Please make room for new items.
alarm-storage_low = Room on this device is running out. Please delete other things while everything is still stored here.
alarm-quota_full = There is no room for the Kita at present. What you write is safe on this device and follows as soon as there is room again. If it stays like this, tell the head of the Kita.
alarm-refused = Something you wrote is not being accepted at present. It is safe on this device and will be tried again. If it stays like this, tell the Kita.
alarm-quarantined = { $count ->
    [one] One item could not be read and was set aside. Please tell the Kita.
   *[other] { $count } items could not be read and were set aside. Please tell the Kita.
}
alarm-relay_garbage = Something is wrong with the connection to the Kita. What you write is safe on this device and follows later.
alarm-house_unknown = Your Kita cannot be found at this address at present. What you write is safe on this device and follows later. If it stays like this, tell the Kita.
alarm-other_tab = Nestpost is already open in another window.
alarms-label = Notes

## Screens of their own
ended-title = Your access to { $house } has ended
ended-lead = The Kita has ended this access. Nothing new arrives here.
ended-title-staff = Your access has ended
ended-lead-staff = The Kita has ended it, and there is nothing left to read here. Please also remove what still lies locked on this device.
ended-do = Remove from this device
ended-forget-title = Remove { $house }?
ended-forget-lead = Everything from { $house } is deleted from this device.
ended-forget-lead-staff = Everything from this Kita is deleted from this device.
damaged-title = This Kita cannot be opened here
damaged-lead = The browser does not hand out what is stored on this device. Reload the app. If that does not help, ask the Kita for a new letter.
damaged-forget-title = Remove from this device?
damaged-forget-lead = What you wrote here and has not arrived yet is lost by this.
outdated-title = This app is too old
outdated-lead = What you wrote is safe on this device and will be sent after the update.
outdated-do = Update now
outdated-read = Read only
othertab-title = Nestpost is already open
othertab-lead = Nestpost is open in another window and does not answer there. Close the other window, then it goes on here. Nothing is lost.
othertab-do = Continue here
failed-do = Try again
start-failed-title = Nestpost does not start here
start-failed-lead = What you wrote is safe on this device. Reload the page.
start-failed-do = Reload
update-ready = A new version is ready.
update-do = Reload

## Errors
error-code_mistyped = The code is not right. Please compare each character with the letter.
error-code_unknown = No Kita here knows this code. Please compare code and address with the letter or ask at the Kita.
error-code_used = This code has already been used. If that was not you, tell the Kita and ask for a new letter.
error-code_expired = This letter has expired. Please ask the Kita for a new one.
error-code_revoked = The Kita has withdrawn this letter. Please ask for a new one.
error-code_foreign = This code belongs to another Kita or address. Open the address printed on the letter, or ask at the Kita.
error-code_already_member = On this device you already belong to this Kita.
error-offline = You have no network. What you entered stays here. Try again in a moment.
error-not_allowed = You are not allowed to do this. What you entered is still here. Ask the head of the Kita.
error-not_found = This no longer exists. What you entered is still here.
error-empty = Something is missing here.
error-too_long = This is too long. Please shorten the text.
error-bad_day = This day does not fit. Please choose another.
error-quota_full = The Kita’s space is full. Your text is safe on this device. Tell the head of the Kita.
error-relay_full = Nothing can be taken in at present. Your text is safe on this device and follows later.
error-relay_garbage = Something is wrong with the connection to the Kita. What you entered is still here. Try again later.
error-relay_refused = This was not accepted. What you entered is still here. Try again later.
error-setup_code = New Kitas begin here only with a valid setup code. Please check it or ask whoever runs Nestpost for you. What you entered is still here.
error-app_outdated = This app is too old. Your text is safe on this device. Reload the page.
error-app_mixed = A part of the app is of another version. Please reload the app and close other windows with Nestpost. What you wrote is safe.
error-storage_refused = This browser may not keep anything on this page, so Nestpost cannot work here. Leave the private window or allow storage for this page.
error-storage_full = The storage of this device is full. What you entered is still here. Make room and try again.
error-other_tab = Nestpost is open in another window. What you entered is still here.
error-lost_race = Somebody else was faster just now. Please look again and retry.
error-needs_second = This takes two: a second head of the Kita, or the recovery sheet.
error-dissolved = This Kita has been dissolved. Nobody can write here any more.
error-last_director = Somebody has to head the Kita. Admit another head first.
error-not_plannable = This cannot be planned for a later day. Do it on the day itself.
error-internal = Something went wrong here. Nothing is lost. Try again.

## Time
when-today = today
when-yesterday = yesterday
when-tomorrow = tomorrow

## Group tablet
tablet-open = Open with a PIN
tablet-set-up = Set up the part behind PINs
tablet-opened = Last opened with a PIN: { $time }. New sick notes stand here as soon as a device of the Kita has fetched them.
tablet-not-opened = Sick notes stand here as soon as a device of the Kita has fetched them.
tablet-waiting = { $count ->
    [one] One message waits for somebody to open with a PIN.
   *[other] { $count } messages wait for somebody to open with a PIN.
}
tablet-closed = The part behind PINs is closed
tablet-closed-lead = This tablet had no connection for 72 hours. The list of the day and the emergency list stay open. As soon as the connection is back, the part behind PINs opens again.
tablet-dropped-tries = The part behind PINs was deleted
tablet-dropped-tries-lead = The PIN was wrong five times. The head of the Kita opens it again with a new letter. The list of the day stays open.
tablet-dropped-ended = The part behind PINs was ended
tablet-dropped-ended-lead = The head of the Kita has ended it. A new letter opens it again. The list of the day stays open.
tablet-here = { $count } here
tablet-expected = { $count } expected
tablet-sick = { $count } sick
tablet-away = { $count } away
tablet-left = { $count } gone
tablet-sums = { $group }: who is here
tablet-children = Children: tap one when it comes or leaves
tablet-status-expected = expected
tablet-status-sick = sick
tablet-status-away = away
tablet-status-here = here
tablet-status-here-since = here since { $time }
tablet-status-left = gone
tablet-status-left-at = left { $time }
tablet-local = not sent yet
tablet-two-marks = { $count } entries
tablet-allergies = Allergy: { $text }
tablet-told-came = { $name } is here.
tablet-told-left = { $name } has left.
tablet-undo = Undo
tablet-back = { $name } is back
tablet-came = { $name } is here
tablet-leaves = { $name } leaves
tablet-mistake-came = Did not come after all
tablet-mistake-left = Is still here
tablet-marks = What was entered
tablet-mark-came = Came { $time }
tablet-mark-left = Left { $time }
tablet-mark-came-untimed = Came
tablet-mark-left-untimed = Left
tablet-emergency = Emergency list
tablet-emergency-lead = Whom we call. The child’s guardians with custody read what stands here, too.
tablet-emergency-none = No number entered. Ask the head of the Kita.
tablet-print = Print
tablet-no-children = No children in this group yet
tablet-bar = Opened with the PIN of { $name }
tablet-lock = Lock
tablet-pins = PINs

## PIN
pin-who = Who opens it?
pin-who-lead = Everybody who works here has a PIN of their own.
pin-title = PIN of { $name }
pin-dots = { $count ->
    [one] One digit entered
   *[other] { $count } digits entered
}
pin-delete = Delete the last digit
pin-do = Open
pin-checking = Checking
pin-left = { $count ->
    [one] One try left. After that, the part behind PINs is deleted on this tablet.
   *[other] { $count } tries left on this tablet.
}
pin-choose = Choose a PIN for { $name }
pin-choose-lead = At least six digits, no sequence like 123456. Tell nobody your PIN.
pin-repeat = Repeat the PIN
pin-next = Next
pin-differs = The two PINs differ. Please begin again.
pin-setup-title = Set up the part behind PINs
pin-setup-lead = With the letter that the head of the Kita printed for this tablet.
pin-setup-who = Who sets it up?
pin-setup-who-lead = This person chooses the first PIN. Others follow later.
pin-setup-no-staff = Nobody works in this group yet. The head of the Kita assigns who does.
pin-setup-compare = Compare at the desk
pin-setup-compare-lead = The device of the head of the Kita shows the same digits. If all are equal, it is confirmed there.
pin-setup-waiting = Not confirmed yet. Keep the tablet here until then.
pin-list-title = PINs on this tablet
pin-list-lead = Whoever has a PIN here opens messages, notices and pictures of this group.
pin-set = Set a PIN
pin-change = Change the PIN
pin-remove = Remove the PIN
pin-has = has a PIN
pin-has-none = no PIN
pin-saved = PIN of { $name } saved.
pin-removed = PIN of { $name } removed.

## Group tablet at the desk
place-pin-part = Part behind PINs
place-pin-part-lead = Messages, notices and pictures of the group. Everybody who works there chooses a PIN at the tablet.
place-pin-none = not opened yet
place-pin-grant = Open the part behind PINs
place-pin-again = Open it anew
place-pin-again-lead = You print a new letter. What could be opened with a PIN so far ends on the tablet.
place-stolen = Tablet lost or stolen
place-stolen-lead = Everything on { $name } ends: the list of the day and the part behind PINs. As soon as the tablet has a network, the app deletes everything there. What is open on its screen now can be read until then.
place-stolen-do = Remove the tablet
place-stolen-done = { $name } has been removed. For a new tablet, print new letters.
care-title = For the day
care-lead = Stands on the group’s tablet without a PIN, and the child’s guardians with custody can read it.
care-allergies = Allergies, in short
care-allergies-hint = At most 80 characters
care-contacts = Whom we call
care-contacts-hint = At most 300 characters. Both parents read this: enter no number that one of them must not know.
care-untimed = Keep no times, only “here” and “gone”
care-saved = Saved.
care-change = Change
care-nothing = Nothing entered
care-apart = Only the heads of the Kita and those of the team who know see this. Do not pass it on.
child-here = Is there
child-here-since = There since { $time }
child-left = Collected
child-left-at = Collected at { $time }
error-code_tablet = This letter is for the part behind PINs of a group’s tablet. Type the code there: “Set up the part behind PINs”. On the tablet only the letter that the head of the Kita printed for it works.
error-pin_wrong = That PIN was wrong.
error-pin_wait = Please wait a moment and try again.
error-pin_closed = This tablet had no connection for 72 hours. The part behind PINs opens as soon as it is back.
error-pin_dropped = The part behind PINs was deleted on this tablet. The head of the Kita opens it again with a new letter.
error-pin_unfit = The PIN needs at least six digits, and must not be a sequence like 123456.
outside-title = A message to the Kita
outside-lead = You do not belong to this Kita and need no account. What you write is sealed in your browser. Only the Kita’s staff can read it.
outside-name = Your name
outside-contact = How we can reach you
outside-contact-hint = Telephone or address. The Kita can answer only there, not here.
outside-text = Your message
outside-send = Send
outside-sending = Being sealed and sent. This takes a moment …
outside-offline = You are offline. Go on writing: it is sent when you are connected again and tap Send. Keep this page open until then.
outside-kept = Whoever runs the technology sees that somebody wrote from your connection, but neither the contents nor your name. The message is deleted by the end of next month.
outside-sent = Sent
outside-sent-lead = Your message waits for the Kita, sealed. Whether it has been read does not show here.
outside-again = Another message
outside-nolink = Please open the Kita’s link or QR code once more.
outside-unknown = This link is no longer valid. Ask the Kita for the new one.
outside-foreign = Something is wrong here: it is not certain that only the Kita could open your message. It was not sent. Please tell the Kita.
outside-full = The Kita has received very many messages today. Please try again tomorrow.
intake-title = Enquiries from outside
intake-lead = Whoever does not belong to the Kita can write by the link or the QR code, for instance to ask for a place. All staff read it, families do not.
intake-closed = At present nobody outside can write.
intake-open-do = Switch the link on
intake-link = Link to pass on
intake-link-hint = It may hang on a poster or stand on your website. It stays valid when somebody leaves the team.
intake-qr = QR code for enquiries from outside
intake-renew = Make a new link
intake-renew-lead = The old link is then no longer valid, on posters either. That is right when somebody left in anger, or the link is misused.
intake-close = Switch the link off
intake-close-lead = Nobody outside can write any more then. What is here stays until its month ends.
intake-empty = No enquiries yet
intake-unreadable = { $count ->
    [one] One message cannot be opened.
   *[other] { $count } messages cannot be opened.
}
intake-says = Name and contact come from the person who wrote. Nobody has checked them.
intake-taken = { $name } sees to it
intake-take = I will see to it
intake-delete = Delete
intake-delete-title = Delete this enquiry?
intake-delete-lead = It disappears from all of the Kita’s devices as soon as they are connected. The sealed copy at the operator is deleted by the end of next month.

## What goes, and what nobody is shown

fate-of = What is to become of it? { $name }
fate-title = What is to become of it?
fate-back = Take back
fate-back-lead = Nobody sees it any more once the devices are online. After a week it is deleted everywhere for good. What somebody remembers or saved stays there.
fate-back-done = Taken back. In a week it is deleted everywhere.
fate-erase = Delete for good
fate-erase-lead = That takes two of the team, one of them a head of the Kita. Afterwards it is on no device any more, nor with whoever runs Nestpost. It cannot be brought back.
fate-erase-done = Proposed. Once a second person agrees, it is deleted.
fate-restrict = Restrict
fate-restrict-lead = Nobody sees it any more, until a head of the Kita lifts that or until it is deleted anyway at the end of its month. For example while it is disputed whether it is true.
fate-restrict-done = Restricted. Nobody sees it until a head of the Kita lifts that.
erasures-title = Deleting and restricting
erasures-lead = What is to go for good, what nobody sees at present, and what has been deleted.
erasures-none = Nothing to delete
erasures-none-lead = What somebody wants to delete for good is here until a second person agrees.
erasures-wished = To be deleted for good
erasures-said = Wanted by: { $names }
erasures-waits = A second person of the team has to agree, one of the two a head of the Kita.
erasures-restricted = Restricted
erasures-restricted-lead = Nobody sees this at present. It stays so until its month is over or until you lift it.
erasures-erased = Deleted for good
erasures-erased-lead = Nestpost no longer knows what it said.
erase-title = Delete for good?
erase-means = Afterwards it is on no device any more, nor with whoever runs Nestpost. It cannot be brought back. What somebody remembers or saved stays there.
erase-agreed = Will be deleted once the devices are online.
restrict-title = Restrict?
restrict-lift = Lift the restriction
restrict-lifted = The restriction is lifted.
restricted-by = Restricted by: { $names }
erasure-duty = { $count ->
    [one] One entry is to be deleted for good.
   *[other] { $count } entries are to be deleted for good.
}
erasure-duty-show = View
written-by = { $kind } by { $author }, { $time }
written-bulletin = Notice
written-note = Note
written-message = Message
written-picture = Picture
written-file = File
written-in-house = to all families
written-in-group = Group { $name }
written-in-child = about { $name }
written-in-thread = in the conversation with { $name }
written-in-staff = in the team
written-in-council = in the parents’ council
written-in-guarded = confidential circle { $name }
erased-count = { $count ->
    [one] One entry
   *[other] { $count } entries
}, { $place }
erased-by = Taken back, deleted by { $by }
erased-by-two = Deleted by { $by } with { $second }

## Not arrived yet
unsent-title = Only on this device
unsent-lead = This has not reached the Kita yet. It is sent by itself as soon as that is possible.
unsent-none = Everything has arrived
unsent-none-lead = Nothing waits on this device any more.
unsent-no_access = You cannot write here any more. It stays on this device.
unsent-refused = This is not accepted at present. It is tried again, and everything else goes its way.
unsent-others = { $count ->
    [one] There is one more item without a text of its own, for example that something was read.
   *[other] There are { $count } more items without a text of their own, for example that something was read.
}
unsent-pictures = { $count ->
    [one] One picture or file is on its way
   *[other] { $count } pictures and files are on their way
}
unsent-again = Try again now
unsent-again-done = It is being tried again.
unsent-save = Save as a file
unsent-save-what = The file contains everything that stands here, in plain text. Keep it safe.
unsent-do = If it stays like this, tell the Kita in another way. Help: { $help }
alarm-unsent-do = View

## Set aside
set-aside-title = Set aside
set-aside-lead = This could not be read or did not hold. Everything else goes on.
set-aside-of = { $name }, { $place }, number { $number }
set-aside-nowhere = unknown place
set-aside-nobody = Unknown device
set-aside-save = Save the list
