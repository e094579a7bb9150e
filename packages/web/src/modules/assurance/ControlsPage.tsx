import type { Control, ControlState } from '@changbai/contract/assurance.ts'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Download } from 'lucide-react'
import { ask, download } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import { Button, Loaded, PageTitle, ProblemAlert, Sheet, type State, Status, StatusGlyph, useAct } from '../../shared/ui/index.ts'
import './assurance.css'
import { assuranceText } from './assuranceText.ts'

const glyphs: Record<ControlState, State> = { KEPT: 'kept', PARTLY: 'risk', NOT_KEPT: 'breach', OUTSIDE: 'none' }
const states = Object.keys(glyphs) as ControlState[]

/** Each control an assessor looks for, how it is kept, and what was found for it just now. */
export function ControlsPage() {
  const t = useText(assuranceText)
  const lang = useLanguage()
  const may = useMay()
  const act = useAct()
  const query = useQuery(ask('assurance.controls', {}))
  return (
    <div className="page">
      <PageTitle
        title={t('controls')}
        sentence={t('sentence')}
        acts={
          may('audit.export:X') && (
            <Button
              kind="primary"
              busy={act.busy}
              title={t('exportHelp')}
              icon={<Download size={16} strokeWidth={1.6} />}
              onClick={() => void act.run(() => download('assurance.export', {}))}
            >
              {t('export')}
            </Button>
          )
        }
      />
      <div className="stack">
        {act.error ? <ProblemAlert error={act.error} /> : null}
        <Loaded query={query} rows={10}>
          {({ at, controls }) => (
            <>
              <p className="row wrap control-totals">
                {states.map((state) => (
                  <Status key={state} state={glyphs[state]} quiet>
                    {`${t(state)} ${controls.filter((one) => one.state === state).length}`}
                  </Status>
                ))}
                <span className="note">{t('at', { at: listTime(at, lang) })}</span>
              </p>
              {controls.map((control) => (
                <ControlSheet key={control.id} control={control} />
              ))}
            </>
          )}
        </Loaded>
      </div>
    </div>
  )
}

function ControlSheet({ control }: { control: Control }) {
  const t = useText(assuranceText)
  const word = useLanguage() === 'zh-CN' ? 'zh' : 'en'
  return (
    <Sheet
      title={control.title[word]}
      acts={
        <span className="row wrap">
          <span className="note">{control.source}</span>
          <Status state={glyphs[control.state]}>{t(control.state)}</Status>
        </span>
      }
    >
      <p>{control.means[word]}</p>
      {control.evidence.length === 0 ? (
        <p className="note">{t('noEvidence')}</p>
      ) : (
        <ul className="control-evidence">
          {control.evidence.map(({ says, isWell, page }) => (
            <li key={says.zh}>
              <StatusGlyph state={isWell ? 'kept' : 'breach'} label={t(isWell ? 'well' : 'notWell')} />
              <span>{says[word]}</span>
              {page && <Link to={page}>{t('look')}</Link>}
            </li>
          ))}
        </ul>
      )}
    </Sheet>
  )
}
