/** The words of the sites' tablets, English. */

export const tabletsEn = {
  "nav.tablets": "Tablets",

  "tablets.title": "Tablets",
  "tablets.explained": "Tablets of the sites that are enrolled for this study. People sign in on them with their password once a shift, then with a PIN.",
  "tablets.new": "New tablet",
  "tablets.site": "Site",
  "tablets.name": "Name on its label",
  "tablets.name_hint": "for example “Tablet 2, day ward”",
  "tablets.make_code": "Make a code",
  "tablets.code_for": "Code for “{name}”, site {site}",
  "tablets.code_explained": "On the tablet, open this service’s address, choose “Enrol this tablet” and type the code. It is shown this once, works once, and is good until {time}.",
  "tablets.code_done": "I have typed it",
  "tablets.enrolled_now": "“{name}” is enrolled.",

  "tablets.none": "No tablet yet.",
  "tablets.seen": "Last seen",

  "tablets.state.waiting": "waits for its code until {time}",
  "tablets.state.expired": "never enrolled, code no longer good",
  "tablets.state.enrolled": "enrolled on {day}",
  "tablets.state.revoked": "revoked on {day}",
  "tablets.never_seen": "never",
  "tablets.seen_now": "just now",

  "tablets.revoke": "Revoke",
  "tablets.revoke_named": "Revoke {name}",
  "tablets.revoke_title": "Revoke “{name}”, site {site}?",
  "tablets.revoke_explained": "Everybody is signed out on it at once and its PINs no longer work. Photos that it has not sent yet can no longer be opened on it. This cannot be undone; the same device can be enrolled again with a new code.",
  "tablets.reason": "Reason (kept in the audit trail)",
  "tablets.revoke_now": "Revoke this tablet",
  "tablets.keep": "Keep it",

  "action.pin_chosen": "PIN chosen",
  "action.pin_refused": "PIN refused",
  "action.session_locked": "tablet locked",
  "action.tablet_announced": "tablet announced",
  "action.tablet_code_refused": "enrolment code refused",
  "action.tablet_enrolled": "tablet enrolled",
  "action.tablet_revoked": "tablet revoked",
} as const;
