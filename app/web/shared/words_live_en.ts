/** The words of the live camera, English. */

export const liveEn = {
  "live.label": "Camera",
  "live.video": "What the camera sees",
  "live.take": "Take the photo",
  "live.taking": "Taking the photo…",
  "live.trouble": "The camera gave no photo. Try once more.",
  "live.waiting": "The camera is starting…",
  "live.good": "Good. Hold still and take the photo.",
  "live.amend": "Bring the card and the finger into view.",
  "live.no_card": "Lay the card under the finger and bring it into view.",
  "live.two_cards": "Two cards are in view: leave only one.",
  "live.scale_px_per_mm": "Move closer, until the card fills the picture.",
  "live.blur_mm": "Blurred: hold still, and tap the screen if your tablet focuses that way.",
  "live.clipped_percent": "Too bright: move the lamp away or switch the flash off.",
  "live.dark_percent": "Too dark: add light and keep your shadow off the finger.",
  "live.glare_percent": "The finger reflects the lamp: move the lamp aside.",
  "live.tip_not_found": "Put the fingertip up through the slot, towards the camera.",
  "live.tip_distance_mm": "Too close to the fingertip: hold the tablet 20 cm away or more.",
  "live.markers": "{n} of {total} markers",
  "live.tilt": "tilt {deg}°",
  "live.distance": "about {cm} cm",
} as const;
