import type { SetupItem } from '@changbai/contract/setup.ts'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ask } from '../../shared/call.ts'
import { roleName } from '../../shared/roles.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import { Button, Loaded, PageTitle, Sheet, type State, Status } from '../../shared/ui/index.ts'
import { ImportSheet } from './ImportSheet.tsx'
import { setupText } from './setupText.ts'

const states: Record<SetupItem['state'], State> = { READY: 'kept', WEAK: 'risk', MISSING: 'todo' }

function Item({ item }: { item: SetupItem }) {
  const t = useText(setupText)
  const lang = useLanguage()
  return (
    <tr>
      <td className="name">
        <b>{t(item.key)}</b>
        <div className="note">{t(`${item.key}Help`)}</div>
      </td>
      <td>
        <Status state={states[item.state]}>{t(item.state)}</Status>
      </td>
      <td>
        {item.findings.map((finding) => (
          <div key={finding}>{finding}</div>
        ))}
      </td>
      <td>
        {item.state !== 'READY' && (
          <>
            <Link className="link" to={item.link}>
              {t('go')}
            </Link>
            <div className="note">{t('who', { role: roleName(item.by, lang) })}</div>
          </>
        )}
      </td>
    </tr>
  )
}

/** Day one of the administrators: what stands, tried rather than believed, and what is left. */
export function ChecklistPage() {
  const t = useText(setupText)
  const lang = useLanguage()
  const may = useMay()
  const query = useQuery(ask('setup.checklist', {}))
  const open = query.data?.items.filter(({ state }) => state === 'MISSING').length ?? 0
  const sentence = query.data && (open === 0 ? t('ready', { count: query.data.items.length }) : t('open', { count: open }))
  return (
    <div className="page">
      <PageTitle
        title={t('title')}
        sentence={sentence}
        acts={
          <Button busy={query.isFetching} onClick={() => void query.refetch()}>
            {t('again')}
          </Button>
        }
      />
      <div className="stack">
        <Loaded query={query}>
          {({ items, checkedAt }) => (
            <Sheet flush title={t('checkedAt', { at: listTime(checkedAt, lang) })}>
              <div className="grid-scroll">
                <table className="grid fit">
                  <tbody>
                    {items.map((item) => (
                      <Item key={item.key} item={item} />
                    ))}
                  </tbody>
                </table>
              </div>
            </Sheet>
          )}
        </Loaded>
        {may('tenant.manage:C', 'iam.account.lifecycle:C', 'iam.grant:C') && <ImportSheet />}
      </div>
    </div>
  )
}
