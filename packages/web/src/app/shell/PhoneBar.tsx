import { Link, useLocation } from '@tanstack/react-router'
import { useSession } from '../../shared/session.ts'
import { useText } from '../../shared/text.ts'
import { appText } from '../appText.ts'
import { type Area, placeOf, settingsArea } from '../areas.ts'
import { useOverdue } from './counts.ts'

/** Up to four areas at the thumb. */
export function PhoneBar({ areas }: { areas: readonly Area[] }) {
  const t = useText(appText)
  const path = useLocation().pathname
  const here = path === '/' ? 'home' : placeOf(path)?.area.key
  const due = useOverdue(useSession()?.capabilities ?? [])
  const shown = areas.length >= 4 ? areas.slice(0, 4) : [...areas, settingsArea]
  return (
    <nav className="phonebar" aria-label={t('product')}>
      {shown.map((area) => (
        <Link key={area.key} to={area.to} aria-current={here === area.key ? 'page' : undefined}>
          <span className="rail-icon">
            <area.icon size={20} strokeWidth={1.6} aria-hidden="true" />
            {area.key === 'work' && due > 0 && <b className="badge">{due > 99 ? '99+' : due}</b>}
          </span>
          {t(area.key)}
        </Link>
      ))}
    </nav>
  )
}
