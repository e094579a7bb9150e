import { useQuery } from '@tanstack/react-query'
import { ask } from './call.ts'
import { defineText, useLanguage, useText } from './text.ts'
import { listTime } from './time.ts'

// few words of its own: the page's text would come into the first view
const bandText = defineText(
  'maintenanceBand',
  { readOnly: '系统维护中，只能查看，暂不受理办理。', until: '预计 {{at}} 恢复。' },
  { readOnly: 'Under maintenance: you can read, nothing is taken in.', until: 'Expected back {{at}}.' },
)
/** Pages that stay open hear of it within a minute; a command meets it at once. */
const LOOK_MILLISECONDS = 60_000

/** Stands above every page, and above the sign-in page, while the product is read-only. */
export function MaintenanceBand() {
  const t = useText(bandText)
  const lang = useLanguage()
  const { data } = useQuery({ ...ask('upkeep.maintenance', {}), refetchInterval: LOOK_MILLISECONDS, staleTime: LOOK_MILLISECONDS })
  if (data?.state !== 'READ_ONLY') return null
  return (
    <p className="band" role="status">
      {t('readOnly')} {data.reason} {data.until && t('until', { at: listTime(data.until, lang) })}
    </p>
  )
}
