import type { InstanceView } from '@changbai/contract/process.ts'
import { useQuery } from '@tanstack/react-query'
import { Maximize2 } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { ask } from '../../shared/call.ts'
import { usePhone } from '../../shared/clock.ts'
import { stepWord } from '../../shared/steps.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { Dialog, Loaded, Segments, Sheet, Skeleton } from '../../shared/ui/index.ts'
import { InstanceMenu } from './InstanceMenu.tsx'
import { processText } from './processText.ts'
import { StepBar, StepList } from './StepList.tsx'

const DiagramCanvas = lazy(() => import('./DiagramCanvas.tsx'))

/** One running process: the diagram it runs by, or the same as a list of steps. Phones get a bar of steps and the list. */
export function InstancePanel({ instanceId }: { instanceId: string }) {
  const say = useText(processText)
  const lang = useLanguage()
  const phone = usePhone()
  const query = useQuery(ask('process.instance', { instanceId }))
  const [picked, setPicked] = useState<'diagram' | 'steps' | null>(null)
  const [large, setLarge] = useState(false)
  const shown = picked ?? (phone ? 'steps' : 'diagram')
  const view = query.data
  return (
    <Sheet
      title={say('diagram')}
      note={view && `${stepWord(view.instance.processName, lang)} ${say('version', { n: view.instance.version })}`}
      acts={
        <>
          <Segments
            label={say('diagram')}
            value={shown}
            onChange={setPicked}
            options={[
              ['diagram', say('asDiagram')],
              ['steps', say('asSteps')],
            ]}
          />
          {shown === 'diagram' && !phone && (
            <button
              type="button"
              className="btn plain icon"
              aria-label={say('enlarge')}
              title={say('enlarge')}
              onClick={() => setLarge(true)}
            >
              <Maximize2 size={16} strokeWidth={1.6} />
            </button>
          )}
          {view && <InstanceMenu view={view} />}
        </>
      }
      flush
    >
      <Loaded query={query} rows={5}>
        {(data) =>
          shown === 'diagram' ? (
            <>
              <Suspense fallback={<Skeleton rows={5} />}>
                <DiagramCanvas view={data} />
              </Suspense>
              <DiagramKey view={data} />
              <div className="print-only">
                <StepList steps={data.steps} />
              </div>
            </>
          ) : (
            <>
              {phone && <StepBar view={data} />}
              <StepList steps={data.steps} />
            </>
          )
        }
      </Loaded>
      {large && view && (
        <Dialog title={`${stepWord(view.instance.processName, lang)} · ${view.instance.title}`} full onClose={() => setLarge(false)}>
          <Suspense fallback={<Skeleton rows={8} />}>
            <DiagramCanvas view={view} whole />
          </Suspense>
          <DiagramKey view={view} />
        </Dialog>
      )}
    </Sheet>
  )
}

/** What the three looks mean, and the returns, which are no flows of the drawing. */
function DiagramKey({ view }: { view: InstanceView }) {
  const say = useText(processText)
  const lang = useLanguage()
  const nameOf = (node: string): string => stepWord(view.steps.find((step) => step.node === node)?.name ?? node, lang)
  return (
    <div className="sheet-line diagram-key">
      <span>
        <i />
        {say('passed')}
      </span>
      <span className="now">
        <i />
        {say('current')}
      </span>
      <span className="ahead">
        <i />
        {say('ahead')}
      </span>
      {view.returns.map((one) => (
        <span key={`${one.from}${one.at}`}>{say('returnedFrom', { by: one.by.name, from: nameOf(one.from), to: nameOf(one.to) })}</span>
      ))}
    </div>
  )
}
