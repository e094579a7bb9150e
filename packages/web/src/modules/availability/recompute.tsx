import { type AnyReport, verifyAny } from '@changbai/verify/verify-any.ts'
import { bytesOf } from '../../shared/call.ts'
import { pick, useLanguage, useText } from '../../shared/text.ts'
import { count } from '../../shared/time.ts'
import { Sheet, Status } from '../../shared/ui/index.ts'
import { availabilityText } from './availabilityText.ts'

export interface Recomputed extends AnyReport {
  entries: number
  seconds: number
}
/** Signatures are checked by the browser's own cryptography, which it offers in a secure context only. */
const canCheck = () => globalThis.crypto?.subtle !== undefined

const linesOf = (text: string) => text.split('\n').filter((line) => line !== '')

export async function recomputeText(text: string, trustedKey = ''): Promise<Recomputed> {
  const begun = performance.now()
  const lines = linesOf(text)
  const report = await verifyAny(lines, trustedKey ? { trustedKeys: [trustedKey] } : {})
  return { ...report, entries: lines.length, seconds: (performance.now() - begun) / 1000 }
}

/** Fetches the export and recomputes it here, with the same program a third party runs elsewhere. */
export async function recomputeHere(applicationId: string, year: number): Promise<Recomputed> {
  return recomputeText(new TextDecoder().decode(await bytesOf('availability.export', { applicationId, year })))
}

export function Verdict({ result }: { result: Recomputed }) {
  const t = useText(availabilityText)
  const lang = useLanguage()
  return (
    <Sheet title={t('result')}>
      <div role="status" className="stack tight">
        <Status state={result.ok ? 'kept' : 'breach'}>
          {result.ok ? t('sameHere') : t('differsHere', { count: result.findings.length })}
        </Status>
        {result.ok && <p className="second">{t('sameHereNote', { entries: count(result.entries) })}</p>}
        <p className="note">{t('takes', { seconds: result.seconds.toFixed(1) })}</p>
        {!canCheck() && <p className="second risk">{t('insecure')}</p>}
        <ul className="stack tight">
          {result.findings.slice(0, 50).map((one) => (
            <li key={`${one.code}${one.zh}`} className="second">
              <span className="mono">{one.code}</span> {pick(one, lang)}
            </li>
          ))}
        </ul>
      </div>
    </Sheet>
  )
}
