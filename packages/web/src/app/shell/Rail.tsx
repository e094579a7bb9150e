import { Link, useLocation } from '@tanstack/react-router'
import { useSession } from '../../shared/session.ts'
import { useText } from '../../shared/text.ts'
import { appText } from '../appText.ts'
import { type Area, placeOf, settingsArea } from '../areas.ts'
import { useOverdue } from './counts.ts'
import { Mark } from './Mark.tsx'

export function Rail({ areas }: { areas: readonly Area[] }) {
  const t = useText(appText)
  const session = useSession()
  const path = useLocation().pathname
  const here = path === '/' ? 'home' : placeOf(path)?.area.key
  const due = useOverdue(session?.capabilities ?? [])
  const one = (area: Area, badge = 0) => (
    <Link key={area.key} to={area.to} className="rail-item" aria-current={here === area.key ? 'page' : undefined}>
      <span className="rail-icon">
        <area.icon size={20} strokeWidth={1.6} aria-hidden="true" />
        {badge > 0 && <b className="badge">{badge > 99 ? '99+' : badge}</b>}
      </span>
      {t(area.key)}
    </Link>
  )
  return (
    <nav className="rail" aria-label={t('product')}>
      <Link to="/" className="rail-mark" aria-label={t('toHome')}>
        <Mark />
      </Link>
      {areas.map((area) => one(area, area.key === 'work' ? due : 0))}
      <span className="grow" />
      {one(settingsArea)}
    </nav>
  )
}
