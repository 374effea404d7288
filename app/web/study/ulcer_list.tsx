/** The study's ulcers by site and subject. */

import { t } from "../shared/language";
import { bySite, placeOf } from "../shared/places";
import { Link } from "../shared/router";
import type { Study, Ulcer } from "../shared/wire";

interface ListProps {
  study: Study;
  ulcers: Ulcer[];
  chosen: string | null;
}

export function UlcerList({ study, ulcers, chosen }: ListProps) {
  const siteName = (code: string) => study.sites.find((s) => s.code === code)?.name ?? code;
  return (
    <nav class="ulcer-list" aria-label={t("study.ulcers")}>
      <Link to="/study" class="ulcer-link all" current={chosen === null}>
        {t("study.all_ulcers")}
      </Link>
      {bySite(ulcers).map((site) => (
        <section key={site.site_code}>
          <h2>{siteName(site.site_code)}</h2>
          {site.subjects.map((subject) => (
            <div key={subject.code} class="subject">
              <h3>{subject.code}</h3>
              <ul>
                {subject.ulcers.map((ulcer) => (
                  <li key={ulcer.id}>
                    <Link to={`/study/${ulcer.id}`} class="ulcer-link" current={ulcer.id === chosen}>
                      <span class="ulcer-name">{ulcer.code}</span>
                      <span class="ulcer-place">{placeOf(ulcer)}</span>
                      <VisitDots ulcer={ulcer} />
                    </Link>
                  </li>
                ))}
              </ul>
            </div>
          ))}
        </section>
      ))}
    </nav>
  );
}

/** One dot a visit: how far the ulcer's photographs have come. */
function VisitDots({ ulcer }: { ulcer: Ulcer }) {
  const photographed = ulcer.timepoints.filter((p) => p.state !== null).length;
  return (
    <span
      class="visit-dots"
      role="img"
      aria-label={t("study.photographed", { n: photographed, total: ulcer.timepoints.length })}
    >
      {ulcer.timepoints.map((p) => (
        <span key={p.visit_code} class={`visit-dot ${p.state ?? "missing"}`} />
      ))}
    </span>
  );
}
