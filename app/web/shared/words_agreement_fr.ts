/** The words of the readers' agreement, French. */

import type { agreementEn } from "./words_agreement_en";

export const agreementFr: Record<keyof typeof agreementEn, string> = {
  "agreement.title": "Accord des lecteurs",
  "agreement.none": "Aucun cas n’a encore été lu par deux lecteurs.",
  "agreement.reader": "Lecteur {n}",
  "agreement.pair": "Lecteurs {first} et {second}",
  "agreement.two_readers": "Deux lecteurs comparés",
  "agreement.interval": "{low} à {high}",
  "agreement.save_as": "Enregistrer en CSV : {title}",
  "agreement.kappa_quadratic": "κ pondéré",
  "agreement.ac1": "AC1",

  "agreement_note.estimated": "estimé",
  "agreement_note.too_few": "trop peu de lectures",
  "agreement_note.one_category": "une seule catégorie",
  "agreement_note.all_agree": "accord total",
  "agreement_note.no_spread": "rien ne varie",

  "agreement_category.open": "ouvert",
  "agreement_category.closed": "fermé",
  "agreement_category.not_assessable": "non évaluable",

  "agreement.categories.title": "Ouvert, fermé, non évaluable",
  "agreement.categories.explained":
    "κ de Cohen à poids quadratiques et AC1 de Gwet ; barres : intervalle à 95 %. 1 : accord complet, 0 : pas plus que le hasard. Sous 50 cas, les intervalles sont un peu trop étroits.",

  "agreement.adjudication.title": "Taux d’arbitrage",
  "agreement.adjudication.explained":
    "Part des cas de chaque lecteur soumis à l’arbitre. Trait : tous les lecteurs ; tirets : limites à 3 sigmas pour le nombre de cas du lecteur.",
  "agreement.adjudication.axis": "Arbitrés, %",
  "agreement.adjudication.in": "Tous les lecteurs sont dans leurs limites.",
  "agreement.adjudication.out": "Hors limites : {readers}",

  "agreement.disagreement.title": "Indice de désaccord du lecteur (RDI)",
  "agreement.disagreement.explained":
    "Part de tous les cas lus où l’arbitre a tranché contre le lecteur ; barres : intervalle à 95 %.",
  "agreement.disagreement.none": "Aucun lecteur ne dépasse la moyenne de plus d’un écart-type.",
  "agreement.disagreement.unjudged": "Les lecteurs sont comparés à partir de trois, dès que chacun a des cas.",
  "agreement.disagreement.out": "Au-dessus de la moyenne de plus d’un écart-type : {readers}",

  "agreement.shift.title": "Rapprochement du contour automatique",
  "agreement.shift.explained":
    "Du premier contour du lecteur au contour final. 0 : gardé, 1 : contour automatique repris, sous 0 : éloigné ; barres : intervalle à 95 %.",
  "agreement.shift.area": "par la surface",
  "agreement.shift.dice": "par superposition",

  "agreement.areas.title": "Surfaces",
  "agreement.areas.explained":
    "Chaque point est un cas jugé ouvert par les deux. Traits : biais et limites où sont attendus 95 % des cas ; bandes : leurs intervalles à 95 %.",
  "agreement.areas.scale": "Échelle des surfaces",
  "agreement.areas.differences": "Différences",
  "agreement.areas.ratios": "Rapports",
  "agreement.areas.difference_axis": "Premier lecteur moins second, mm²",
  "agreement.areas.ratio_axis": "Premier lecteur sur second",
  "agreement.areas.mean_axis": "moyenne des deux surfaces, mm²",
  "agreement.areas.difference_says": "Biais {bias} mm² ; limites {lower} et {upper} mm².",
  "agreement.areas.ratio_says": "Rapport moyen {bias} ; limites {lower} et {upper}.",
  "agreement.areas.untold": "Biais et limites : {reason}.",
  "agreement.areas.icc": "CCI(2,1), accord absolu : {icc}, n = {n}.",

  "agreement.dice.title": "Superposition des contours (Dice)",
  "agreement.dice.explained": "Cas jugés ouverts par les deux. 1 : même contour, 0 : rien en commun. Trait : moyenne.",
  "agreement.dice.axis": "Cas",
  "agreement.dice.across": "Dice",
  "agreement.dice.says": "Moyenne : {mean}, n = {n}.",

  "agreement.counts.title": "Cas par catégorie",
  "agreement.counts.corner": "Lecteur {first} ↓ lecteur {second} →",

  "agreement.repeats.title": "Répétitions cachées",
  "agreement.repeats.explained":
    "Chaque lecteur face à sa propre seconde lecture. Répétabilité : écart que 95 % des répétitions ne dépassent pas. Dessous : intervalle à 95 %.",
  "agreement.repeats.reader": "Lecteur",
  "agreement.repeats.n": "Répétitions",
  "agreement_statistic.repeat_observed": "Même catégorie",
  "agreement_statistic.repeat_ac1": "AC1",
  "agreement_statistic.repeat_icc": "CCI(1,1) des surfaces",
  "agreement_statistic.repeatability_mm2": "Répétabilité, mm²",
  "agreement_statistic.repeatability_ratio": "Répétabilité, rapport",
};
