/** The words of the live camera, French. */

import type { liveEn } from "./words_live_en";

export const liveFr: Record<keyof typeof liveEn, string> = {
  "live.label": "Appareil photo",
  "live.video": "Ce que voit l’appareil",
  "live.take": "Prendre la photo",
  "live.taking": "Photo en cours…",
  "live.trouble": "L’appareil n’a pas donné de photo. Réessayez.",
  "live.waiting": "L’appareil démarre…",
  "live.good": "C’est bon. Ne bougez plus et prenez la photo.",
  "live.amend": "Cadrez la carte et le doigt.",
  "live.no_card": "Posez la carte sous le doigt et cadrez-la.",
  "live.two_cards": "Deux cartes sont visibles : n’en laissez qu’une.",
  "live.scale_px_per_mm": "Approchez-vous, jusqu’à ce que la carte remplisse l’image.",
  "live.blur_mm": "Flou : ne bougez plus, et touchez l’écran si votre tablette fait ainsi la mise au point.",
  "live.clipped_percent": "Trop clair : éloignez la lampe ou coupez le flash.",
  "live.dark_percent": "Trop sombre : ajoutez de la lumière et écartez votre ombre.",
  "live.glare_percent": "Le doigt reflète la lampe : écartez la lampe.",
  "live.tip_not_found": "Passez le bout du doigt à travers la fente, vers l’appareil.",
  "live.tip_distance_mm": "Trop près du bout du doigt : tenez la tablette à 20 cm ou plus.",
  "live.markers": "{n} repères sur {total}",
  "live.tilt": "inclinaison {deg}°",
  "live.distance": "environ {cm} cm",
};
