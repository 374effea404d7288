/** The words of the sites' tablets, French. */

import type { tabletsEn } from "./words_tablets_en";

export const tabletsFr: Record<keyof typeof tabletsEn, string> = {
  "nav.tablets": "Tablettes",

  "tablets.title": "Tablettes",
  "tablets.explained": "Tablettes des centres enregistrées pour cette étude. On s’y connecte par mot de passe une fois par poste, puis par un code personnel.",
  "tablets.new": "Nouvelle tablette",
  "tablets.site": "Centre",
  "tablets.name": "Nom sur son étiquette",
  "tablets.name_hint": "par exemple « Tablette 2, hôpital de jour »",
  "tablets.make_code": "Créer un code",
  "tablets.code_for": "Code pour « {name} », centre {site}",
  "tablets.code_explained": "Sur la tablette, ouvrez l’adresse de ce service, choisissez « Enregistrer cette tablette » et tapez le code. Il n’est montré que cette fois, ne sert qu’une fois et vaut jusqu’à {time}.",
  "tablets.code_done": "Je l’ai tapé",
  "tablets.enrolled_now": "« {name} » est enregistrée.",

  "tablets.none": "Pas encore de tablette.",
  "tablets.seen": "Dernier contact",

  "tablets.state.waiting": "attend son code jusqu’à {time}",
  "tablets.state.expired": "jamais enregistrée, code périmé",
  "tablets.state.enrolled": "enregistrée le {day}",
  "tablets.state.revoked": "révoquée le {day}",
  "tablets.never_seen": "jamais",
  "tablets.seen_now": "à l’instant",

  "tablets.revoke": "Révoquer",
  "tablets.revoke_named": "Révoquer {name}",
  "tablets.revoke_title": "Révoquer « {name} », centre {site} ?",
  "tablets.revoke_explained": "Tout le monde y est déconnecté aussitôt et ses codes personnels ne servent plus. Les photos qu’elle n’a pas encore envoyées ne pourront plus y être ouvertes. C’est définitif ; le même appareil peut être enregistré de nouveau avec un nouveau code.",
  "tablets.reason": "Raison (conservée dans la piste d’audit)",
  "tablets.revoke_now": "Révoquer cette tablette",
  "tablets.keep": "La garder",

  "action.pin_chosen": "code personnel choisi",
  "action.pin_refused": "code personnel refusé",
  "action.session_locked": "tablette verrouillée",
  "action.tablet_announced": "tablette annoncée",
  "action.tablet_code_refused": "code d’enregistrement refusé",
  "action.tablet_enrolled": "tablette enregistrée",
  "action.tablet_revoked": "tablette révoquée",
};
