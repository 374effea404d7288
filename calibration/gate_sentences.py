"""What the capture gate tells a nurse: one sentence in French and one in English to each criterion."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    "no_card": (
        "Aucune carte n'est visible : posez la carte sous le doigt et reprenez la photo.",
        "No card is in view: lay the card under the finger and take the photo again.",
    ),
    "two_cards": (
        "Deux cartes sont visibles : n'en laissez qu'une dans l'image et reprenez la photo.",
        "Two cards are in view: leave only one in the picture and take the photo again.",
    ),
    "too_few_markers": (
        "Trop peu de repères de la carte sont visibles : dégagez au moins trois carrés noirs.",
        "Too few of the card's markers are in view: uncover at least three black squares.",
    ),
    "reference_slip": (
        "La bandelette de contrôle n'est pas reconnue : posez-la à plat dans la fente, disque vers le haut.",
        "The reference slip is not recognised: lay it flat in the slot, the disc towards the top.",
    ),
    "tilt_deg": (
        "L'appareil est trop incliné : tenez la tablette à plat au-dessus de la carte.",
        "The camera is tilted too far: hold the tablet level above the card.",
    ),
    "card_bend_mm": (
        "La carte n'est pas à plat : aplatissez-la, ou imprimez-en une neuve sur papier épais.",
        "The card does not lie flat: flatten it, or print a new one on heavy paper.",
    ),
    "scale_px_per_mm": (
        "La photo est prise de trop loin : approchez-vous jusqu'à ce que la carte remplisse l'image.",
        "The photo was taken from too far away: move closer until the card fills the picture.",
    ),
    "photo_altered": (
        "La photo n'a plus sa taille d'origine : envoyez-la telle que l'appareil l'a prise, sans retouche.",
        "The photo no longer has its original size: send it as the camera took it, unedited.",
    ),
    "lens_mismatch_sd": (
        "La photo semble recadrée ou agrandie : envoyez-la telle que l'appareil l'a prise, sans zoom.",
        "The photo seems cropped or zoomed: send it as the camera took it, without zoom.",
    ),
    "focal_sd_percent": (
        "L'agrandissement dû au zoom est incertain : reprenez la photo sans zoom.",
        "How far the zoom enlarged the photo is uncertain: take the photo again without zoom.",
    ),
    "blur_mm": (
        "La photo est floue : touchez le doigt sur l'écran pour faire la mise au point et ne bougez plus.",
        "The photo is blurred: tap the finger on the screen to focus, and hold still.",
    ),
    "clipped_percent": (
        "La photo est surexposée : éloignez la lampe ou coupez le flash.",
        "The photo is overexposed: move the lamp away or switch the flash off.",
    ),
    "dark_percent": (
        "La photo est trop sombre : ajoutez de la lumière et écartez votre ombre.",
        "The photo is too dark: add light and keep your shadow off the finger.",
    ),
    "digit_not_found": (
        "Aucun doigt n'est reconnu dans la fente : posez-le dans la fente, le bout vers le haut de la carte.",
        "No finger is recognised in the slot: lay it in the slot, its tip towards the top of the card.",
    ),
    "tip_not_found": (
        "Aucun bout de doigt n'est reconnu dans la fente : passez-le à travers la fente, vers l'appareil.",
        "No fingertip is recognised in the slot: put it up through the slot, towards the camera.",
    ),
    "pose_mismatch": (
        "Le doigt est couché dans la fente : passez le bout du doigt à travers la fente, vers l'appareil.",
        "The finger lies in the slot: put the fingertip up through the slot, towards the camera.",
    ),
    "tip_distance_mm": (
        "L'appareil est trop près du bout du doigt : éloignez-le à 20 cm ou plus.",
        "The camera is too close to the fingertip: move it 20 cm away or more.",
    ),
    "obliquity_deg": (
        "L'ulcère est vu de biais : tournez le doigt pour que l'ulcère soit face à l'appareil.",
        "The ulcer is seen from the side: turn the finger so that the ulcer faces the camera.",
    ),
    "ulcer_cut_off": (
        "L'ulcère touche le bord de l'image : placez-le au milieu de la fente.",
        "The ulcer touches the picture's edge: bring it to the middle of the slot.",
    ),
    "even_light_percent": (
        "La lumière est inégale : éclairez toute la carte de la même façon, sans lampe trop près d'un côté.",
        "The light is uneven: light the whole card alike, with no lamp too near to one side.",
    ),
    "shade_percent": (
        "Une ombre couvre le doigt : écartez-vous de la lumière, vous et la tablette, et reprenez la photo.",
        "A shadow lies over the finger: move yourself and the tablet out of the light and try again.",
    ),
    "digit_blur_mm": (
        "Le doigt est flou : posez bien la main, touchez le doigt sur l'écran et ne bougez plus.",
        "The finger is blurred: rest the hand, tap the finger on the screen, and hold still.",
    ),
    "tip_inside_mm": (
        "Le bout du doigt dépasse le haut de la carte : reculez le doigt dans la fente.",
        "The fingertip reaches past the top of the card: draw the finger back in the slot.",
    ),
    "digit_on_card_mm": (
        "Le doigt n'est pas assez engagé : avancez-le dans la fente, vers le haut de la carte.",
        "Too little of the finger is in the slot: push it further in, towards the top of the card.",
    ),
    "digit_aside_mm": (
        "Le doigt est à côté de la fente : posez-le au milieu de la fente.",
        "The finger lies beside the slot: lay it in the middle of the slot.",
    ),
    "digit_askew_deg": (
        "Le doigt est de travers : alignez-le avec la fente.",
        "The finger lies askew: turn it to point along the slot.",
    ),
    "glare_percent": (
        "Un reflet couvre l'ulcère : déplacez la lampe ou coupez le flash.",
        "A reflection covers the ulcer: move the lamp or switch the flash off.",
    ),
    "ulcer_margin_percent": (
        "L'ulcère est au bord de la photo : visez de sorte que l'ulcère soit au centre.",
        "The ulcer is near the edge of the photo: aim so that the ulcer is in the centre.",
    ),
}
"""What a nurse is told, by code: French, English."""
