import { Link, useLocation } from '@tanstack/react-router'
import { ChevronRight } from 'lucide-react'
import { useSession } from '../../shared/session.ts'
import { useText } from '../../shared/text.ts'
import { PageTitle } from '../../shared/ui/Sheet.tsx'
import { appText } from '../appText.ts'
import { mayOpen, placeOf } from '../areas.ts'

/** The first entry into an area: its pages, by name. */
export function AreaPage() {
  const t = useText(appText)
  const held = useSession()?.capabilities ?? []
  const place = placeOf(useLocation().pathname)
  if (!place) return null
  const pages = place.area.pages.filter((page) => mayOpen(page, held))
  return (
    <div className="page">
      <PageTitle title={t(place.area.key)} sentence={t('areaSentence', { count: pages.length })} />
      <ul className="sheet area-list">
        {pages.map((page) => (
          <li key={page.to}>
            <Link to={page.to}>
              <span className="strong">{t(page.label)}</span>
              <ChevronRight size={16} strokeWidth={1.6} aria-hidden="true" />
            </Link>
          </li>
        ))}
      </ul>
    </div>
  )
}
