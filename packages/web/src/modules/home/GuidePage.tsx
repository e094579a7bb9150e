import type { OnDuty } from '@changbai/contract/duty.ts'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ask } from '../../shared/call.ts'
import { roleName } from '../../shared/roles.ts'
import { useMay } from '../../shared/session.ts'
import { stepWord } from '../../shared/steps.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { ButtonLink, Deadline, EmptyState, Loaded, PageTitle, Sheet, Status } from '../../shared/ui/index.ts'
import { guideText } from './guideText.ts'

/** What somebody of a bureau comes for, most frequent first. `begins`: a form; otherwise a list. */
const offers = [
  { key: 'request', to: '/work/requests', may: ['request.submit:C'], begins: true },
  { key: 'service', to: '/work/services', may: ['serviceRequest.submit:C'], begins: true },
  { key: 'incident', to: '/duty/incidents/new', may: ['incident.report:C'], begins: true },
  { key: 'change', to: '/work/changes', may: ['change.submit:C'], begins: true },
  { key: 'admission', to: '/work/admissions', may: ['admission.submit:C'], begins: true },
  { key: 'migration', to: '/work/migrations', may: ['migration.apply:C'], begins: true },
  { key: 'reclaim', to: '/work/reclaim', may: ['reclaim.read:r'], begins: false },
  { key: 'applications', to: '/cloud/applications', may: ['application.read:r'], begins: false },
  { key: 'knowledge', to: '/duty/knowledge', may: ['knowledge.read:r'], begins: false },
] as const

/** Matters that others have: which step, and who. */
function Where() {
  const t = useText(guideText)
  const lang = useLanguage()
  const query = useQuery(ask('process.waiting', { limit: 5 }))
  return (
    <Sheet title={t('where')} acts={query.data?.next && <Link to="/tasks">{t('seeAll')}</Link>}>
      <Loaded query={query} rows={3}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="note">{t('whereNone')}</p>
          ) : (
            <ul className="stack">
              {items.map((one) => (
                <li key={one.id}>
                  <Link className="link" to={`/processes/instances/${one.instanceId}`}>
                    {one.title}
                  </Link>
                  <div className="note">
                    {t('at', {
                      step: stepWord(one.name),
                      who: one.assignee?.name ?? one.roles.map((role) => roleName(role, lang)).join(' '),
                    })}
                  </div>
                  <Deadline dueAt={one.dueAt} usedRatio={one.usedRatio} left={one.left} />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Sheet>
  )
}

function Line({ line }: { line: OnDuty }) {
  const t = useText(guideText)
  const isManned = line.open && line.shift !== null
  return (
    <li>
      <b>{t(line.line)}</b>{' '}
      <a className="mono" href={`tel:${line.phone.replaceAll(/[^\d+]/g, '')}`}>
        {line.phone}
      </a>
      <div className="row wrap note">
        <Status state={isManned ? 'kept' : 'none'}>{line.open ? (line.shift ? t('open') : t('unmanned')) : t('closed')}</Status>
        {isManned && <span>{t('onDuty', { name: line.shift?.primary.name ?? '' })}</span>}
      </div>
    </li>
  )
}

/** The lines a bureau may call, with who answers at this moment. */
function Contact() {
  const t = useText(guideText)
  const query = useQuery(ask('duty.now', {}))
  return (
    <Sheet title={t('contact')}>
      <Loaded query={query} rows={2}>
        {({ lines }) => (
          <ul className="stack">
            {lines
              .filter(({ line }) => line !== 'FACILITY_7X24')
              .map((line) => (
                <Line key={line.line} line={line} />
              ))}
          </ul>
        )}
      </Loaded>
    </Sheet>
  )
}

/** Day one of a bureau: what can be done here, where one's matters are, and whom to call. */
export function GuidePage() {
  const t = useText(guideText)
  const may = useMay()
  const open = offers.filter((one) => may(...one.may))
  return (
    <div className="page">
      <PageTitle title={t('title')} sentence={t('sentence')} />
      <div className="split">
        <Sheet flush>
          {open.length === 0 ? (
            <EmptyState title={t('nothing')}>{t('nothingHelp')}</EmptyState>
          ) : (
            <table className="grid fit">
              <tbody>
                {open.map(({ key, to, begins }) => (
                  <tr key={key}>
                    <td className="name">
                      <b>{t(key)}</b>
                      <div className="note">{t(`${key}Help`)}</div>
                    </td>
                    <td className="num">
                      <ButtonLink size="small" to={to}>
                        {begins ? t('begin') : t('look')}
                      </ButtonLink>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </Sheet>
        <div className="stack">
          {may('process.task:X') && <Where />}
          <Contact />
        </div>
      </div>
    </div>
  )
}
