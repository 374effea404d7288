"""Coded errors: what went wrong, in words that a person can act on, in French and English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ErrorKind:
    """One kind of refusal: HTTP status and sentences."""

    status: int
    fr: str
    en: str


KINDS: dict[str, ErrorKind] = {
    "not_signed_in": ErrorKind(401, "Connectez-vous pour continuer.", "Sign in to go on."),
    "login_refused": ErrorKind(
        401,
        "Identifiant ou mot de passe inconnu, ou compte verrouillé : réessayez dans quelques minutes.",
        "Unknown user name or password, or the account is locked: try again in a few minutes.",
    ),
    "second_factor_needed": ErrorKind(
        401,
        "Donnez le code à six chiffres de votre application, ou un code de secours.",
        "Give the six-digit code of your authenticator app, or a recovery code.",
    ),
    "provider_refused": ErrorKind(
        401,
        "La connexion par votre institution n'a pas abouti : réessayez, ou demandez l'ouverture d'un compte.",
        "Signing in by your institution did not work: try again, or ask for an account to be opened.",
    ),
    "signature_refused": ErrorKind(
        403,
        "La signature est refusée : mot de passe ou code inconnu, ou compte verrouillé. Rien n'est signé.",
        "The signature is refused: unknown password or code, or the account is locked. Nothing is signed.",
    ),
    "password_refused": ErrorKind(
        403,
        "Mot de passe ou code inconnu, ou compte verrouillé : rien n'a changé.",
        "Unknown password or code, or the account is locked: nothing has changed.",
    ),
    "password_too_short": ErrorKind(
        422, "Un mot de passe a douze caractères au moins.", "A password has at least twelve characters."
    ),
    "second_factor_present": ErrorKind(
        409,
        "Ce compte a déjà un second facteur : retirez-le d'abord.",
        "This account already has a second factor: remove it first.",
    ),
    "code_refused": ErrorKind(
        403,
        "Ce code n'est pas le bon : attendez le suivant et vérifiez l'heure du téléphone.",
        "This code is not right: wait for the next and check the telephone's clock.",
    ),
    "forbidden": ErrorKind(403, "Votre rôle ne permet pas cela.", "Your role does not allow this."),
    "change_header_missing": ErrorKind(
        403,
        "La demande ne vient pas des pages du service : l'en-tête X-Planimeter manque.",
        "The request does not come from the service's pages: the X-Planimeter header is missing.",
    ),
    "not_found": ErrorKind(404, "Cela n'existe pas ici.", "There is no such thing here."),
    "method_not_allowed": ErrorKind(
        405, "Cette adresse ne connaît pas cette méthode.", "This address does not know this method."
    ),
    "invalid_request": ErrorKind(
        422,
        "La demande est incomplète ou mal formée ; voyez les détails.",
        "The request is incomplete or malformed; see the details.",
    ),
    "invalid_cursor": ErrorKind(
        422, "Ce curseur ne vient pas de ce service.", "This cursor does not come from this service."
    ),
    "code_taken": ErrorKind(
        409, "Ce code est déjà utilisé dans l'étude.", "This code is already used in the study."
    ),
    "capture_id_taken": ErrorKind(
        409,
        "Une autre photo porte déjà ce numéro : reprenez l'envoi avec un nouveau numéro.",
        "Another photo already has this number: send it again under a new one.",
    ),
    "note_id_taken": ErrorKind(
        409,
        "Une autre note porte déjà ce numéro : envoyez-la sous un nouveau numéro.",
        "Another note already has this number: send it under a new one.",
    ),
    "reason_needed": ErrorKind(
        422,
        "La visite est hors de sa fenêtre : donnez la raison.",
        "The visit is outside its window: give the reason.",
    ),
    "question_not_asked": ErrorKind(
        422,
        "Le protocole ne pose pas cette question : laissez-la sans réponse.",
        "The protocol does not ask this question: leave it unanswered.",
    ),
    "check_bar_off": ErrorKind(
        422,
        "La barre ne fait pas 100 mm : imprimez à 100 % (taille réelle) et jetez cette feuille.",
        "The bar is not 100 mm long: print at 100 % (actual size), and throw this sheet away.",
    ),
    "shot_id_taken": ErrorKind(
        409,
        "Une autre photo de contrôle porte déjà ce numéro : renvoyez-la sous un nouveau numéro.",
        "Another check photo already has this number: send it again under a new one.",
    ),
    "unknown_visit": ErrorKind(
        422, "Cette visite n'est pas dans le protocole.", "This visit is not in the protocol."
    ),
    "unknown_print_lot": ErrorKind(
        422,
        "Ce lot de cartes n'est pas dans le protocole : donnez le lot imprimé sur le paquet.",
        "This print lot of cards is not in the protocol: give the lot printed on the package.",
    ),
    "sha256_missing": ErrorKind(
        400,
        "L'en-tête X-Content-SHA256 doit donner l'empreinte de la photo (64 chiffres hexadécimaux).",
        "The X-Content-SHA256 header must give the photo's hash (64 hexadecimal digits).",
    ),
    "sha256_mismatch": ErrorKind(
        400,
        "La photo a été altérée en chemin : renvoyez-la.",
        "The photo was altered on its way: send it again.",
    ),
    "body_too_large": ErrorKind(
        413, "L'envoi dépasse la taille permise.", "The upload is larger than allowed."
    ),
    "empty_file": ErrorKind(
        422, "Le fichier est vide : reprenez la photo.", "The file is empty: take the photo again."
    ),
    "not_an_image": ErrorKind(
        422,
        "Ce fichier n'est pas une photo : envoyez une image JPEG ou PNG.",
        "This file is not a photo: send a JPEG or PNG image.",
    ),
    "unsupported_format": ErrorKind(
        415,
        "Ce format d'image n'est pas accepté : envoyez une image JPEG ou PNG.",
        "This image format is not accepted: send a JPEG or PNG image.",
    ),
    "media_type_mismatch": ErrorKind(
        415,
        "Le type annoncé (Content-Type) n'est pas celui du fichier : annoncez image/jpeg ou image/png.",
        "The announced Content-Type is not the file's: announce image/jpeg or image/png.",
    ),
    "truncated_image": ErrorKind(
        422,
        "La photo est incomplète : renvoyez-la, ou reprenez-la.",
        "The photo is incomplete: send it again, or take it again.",
    ),
    "animated_image": ErrorKind(
        422,
        "Une image animée n'est pas une photo : envoyez une image fixe.",
        "An animation is not a photo: send a still image.",
    ),
    "image_too_large": ErrorKind(
        422,
        "L'image a trop de pixels (60 mégapixels au plus) : réduisez la définition de l'appareil.",
        "The image has too many pixels (60 megapixels at most): lower the camera's resolution.",
    ),
    "image_too_small": ErrorKind(
        422,
        "L'image est trop petite pour être une photo (32 pixels de côté au moins).",
        "The image is too small to be a photo (at least 32 pixels a side).",
    ),
    "decoding_failed": ErrorKind(
        422,
        "La photo ne peut pas être ouverte dans les limites permises : reprenez-la.",
        "The photo cannot be opened within the limits allowed: take it again.",
    ),
    "case_locked": ErrorKind(
        409,
        "Cette lecture est signée et verrouillée : elle ne change plus.",
        "This read is signed and locked: it does not change any more.",
    ),
    "case_not_opened": ErrorKind(
        409, "Ouvrez d'abord ce cas dans la salle de lecture.", "Open this case in the reading room first."
    ),
    "nothing_drafted": ErrorKind(
        409,
        "Il n'y a encore rien à signer : dites d'abord ce que vous voyez.",
        "There is nothing to sign yet: say first what you see.",
    ),
    "category_missing": ErrorKind(
        422,
        "Dites si l'ulcère est ouvert, fermé ou non évaluable.",
        "Say whether the ulcer is open, closed or not assessable.",
    ),
    "draft_is_older": ErrorKind(
        409,
        "Ce cas a été modifié ailleurs : rechargez-le pour continuer à partir du dernier état.",
        "This case was changed elsewhere: reload it to go on from its last state.",
    ),
    "earlier_visit_first": ErrorKind(
        409,
        "Verrouillez d'abord le cas qui précède.",
        "Lock the case before this one first.",
    ),
    "outline_missing": ErrorKind(
        422,
        "Un ulcère ouvert a un contour : tracez-le, ou choisissez une autre catégorie.",
        "An open ulcer has an outline: draw it, or choose another category.",
    ),
    "outline_contradicts": ErrorKind(
        422,
        "Un contour est tracé, mais la catégorie n'est pas « ouvert » : effacez-le, ou changez-la.",
        "An outline is drawn, but the category is not “open”: erase the outline or change the category.",
    ),
    "reason_missing": ErrorKind(422, "Donnez la raison.", "Give the reason."),
    "confidence_missing": ErrorKind(
        422,
        "Dites à quel point vous êtes sûr, de 1 (au hasard) à 5 (certain).",
        "Say how sure you are, from 1 (a guess) to 5 (certain).",
    ),
    "machine_outline_hidden": ErrorKind(
        409,
        "La charte de lecture ne montre pas ici le contour de la machine.",
        "The reading charter does not show the machine's outline here.",
    ),
    "not_discordant": ErrorKind(
        409,
        "Ce cas n'attend pas d'arbitrage.",
        "This case does not wait for adjudication.",
    ),
    "reader_cannot_adjudicate": ErrorKind(
        409,
        "Qui a lu un cas ne peut pas l'arbitrer.",
        "Whoever read a case cannot adjudicate it.",
    ),
    "not_final": ErrorKind(
        409, "Seul un cas terminé peut être rouvert.", "Only a final case can be reopened."
    ),
    "tablet_not_enrolled": ErrorKind(
        404,
        "Cette tablette n'est pas enregistrée, ou ne l'est plus : demandez un code à la gestion des données.",
        "This tablet is not enrolled, or no longer: ask the data manager for a code.",
    ),
    "enrolment_refused": ErrorKind(
        403,
        "Ce code n'enregistre aucune tablette : vérifiez-le, ou demandez-en un nouveau (il vaut 60 minutes).",
        "This code enrols no tablet: check it, or ask for a new one (a code is good for 60 minutes).",
    ),
    "weak_pin": ErrorKind(
        422,
        "Choisissez six chiffres moins faciles à deviner : ni suite, ni répétition, ni tracé du clavier.",
        "Choose six digits that are harder to guess: no sequence, no repetition, no line over the keypad.",
    ),
    "wrong_pin": ErrorKind(403, "Ce n'est pas le bon code.", "This is not the right PIN."),
    "pin_blocked": ErrorKind(
        403,
        "Pas de code, ou code bloqué : connectez-vous avec votre mot de passe, puis choisissez-en un.",
        "There is no PIN, or it is blocked: sign in with your password, then choose one.",
    ),
    "shift_over": ErrorKind(
        403,
        "Connectez-vous d'abord avec votre mot de passe : le code ne suffit que pendant douze heures.",
        "Sign in with your password first: the PIN is enough for twelve hours only.",
    ),
    "tablet_needed": ErrorKind(
        403,
        "Cette étude ne reçoit de photos que de ses tablettes enregistrées.",
        "This study takes photos from its enrolled tablets only.",
    ),
    "too_many_reports": ErrorKind(
        429,
        "Trop de messages à la fois : celui-ci n'est pas noté.",
        "Too many reports at once: this one is not kept.",
    ),
    "internal_error": ErrorKind(
        500,
        "Le service a rencontré un problème ; rien n'a été enregistré. Réessayez.",
        "The service met a problem; nothing was stored. Try again.",
    ),
}
"""Every code this service answers with."""


class CodedError(Exception):
    """A refusal with a code, an HTTP status and a sentence in French and English.

    Parameters
    ----------
    code : str
        A key of `KINDS`.
    details : Mapping, optional
        What the caller may know besides; it is sent to them.
    """

    def __init__(self, code: str, details: Mapping[str, Any] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.details = dict(details) if details else None
        kind = KINDS[code]
        self.status, self.message_fr, self.message_en = kind.status, kind.fr, kind.en

    def body(self) -> dict[str, Any]:
        """What the caller receives."""
        body: dict[str, Any] = {
            "code": self.code,
            "message_fr": self.message_fr,
            "message_en": self.message_en,
        }
        return body | {"details": self.details} if self.details else body
