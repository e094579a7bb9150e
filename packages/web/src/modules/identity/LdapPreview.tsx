import type { Received } from '../../shared/api.ts'
import { useText } from '../../shared/text.ts'
import { Facts, Sheet, Status } from '../../shared/ui/index.ts'
import { ldapText } from './ldapText.ts'

type Preview = Received<'ldap.preview'>
const NAMES_SHOWN = 30

function Names({ items }: { items: readonly string[] }) {
  return <span>{items.length === 0 ? '—' : `${items.slice(0, NAMES_SHOWN).join('、')}${items.length > NAMES_SHOWN ? ' …' : ''}`}</span>
}

/** What a synchronisation would do; nothing was written for it. */
export function LdapPreview({ preview }: { preview: Preview }) {
  const t = useText(ldapText)
  const { counts } = preview
  const isNothing = Object.values(counts).every((n) => n === 0)
  const named = ({ name, signIn }: { name: string; signIn: string }): string => `${name} (${signIn})`
  return (
    <Sheet title={t('previewTitle')} note={t('found', { count: preview.found })}>
      <div className="stack">
        {preview.held && <Status state="breach">{t('held')}</Status>}
        {isNothing ? (
          <Status state="kept">{t('nothing')}</Status>
        ) : (
          <Facts
            items={[
              [`${t('added')} ${counts.added}`, <Names key="added" items={preview.added.map(named)} />],
              [`${t('changed')} ${counts.changed}`, <Names key="changed" items={preview.changed.map(named)} />],
              [
                `${t('leaving')} ${counts.leaving}`,
                <span key="leaving">
                  <Names items={preview.leaving.map((one) => `${named(one)} ${t(one.why)}`)} />
                  {counts.leaving > 0 && <div className="note">{t('leavingNote')}</div>}
                </span>,
              ],
              [
                `${t('back')} ${counts.back}`,
                <span key="back">
                  <Names items={preview.back.map(named)} />
                  {counts.back > 0 && <div className="note">{t('backNote')}</div>}
                </span>,
              ],
              [
                `${t('unusable')} ${counts.unusable}`,
                <Names key="unusable" items={preview.unusable.map((one) => `${one.dn}: ${t(one.why)}`)} />,
              ],
            ]}
          />
        )}
      </div>
    </Sheet>
  )
}
