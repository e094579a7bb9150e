import type { ItemType } from '@changbai/contract/inventory.ts'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { call } from '../../../shared/call.ts'
import { useMay } from '../../../shared/session.ts'
import { useText, withinSentence } from '../../../shared/text.ts'
import { Button, DecisionDialog, Dialog, Menu, useAct } from '../../../shared/ui/index.ts'
import { History } from '../History.tsx'
import { inventoryText } from '../inventoryText.ts'
import { ItemDialog } from './ItemDialog.tsx'
import { itemForms } from './itemForms.ts'

type Item = Readonly<Record<string, unknown>> & { id: string; rev: number; retiredAt: string | null }

/** Records a new thing of a kind, for those who may. */
export function AddItem({ type }: { type: ItemType }) {
  const t = useText(inventoryText)
  const may = useMay()
  const [open, setOpen] = useState(false)
  if (!may(itemForms[type].may.create)) return null
  return (
    <>
      <Button kind="primary" icon={<Plus size={16} strokeWidth={1.6} />} onClick={() => setOpen(true)}>
        {t('addTitle', { what: withinSentence(t(type)) })}
      </Button>
      {open && <ItemDialog type={type} item={null} onClose={() => setOpen(false)} />}
    </>
  )
}

type Asked = 'edit' | 'retire' | 'history' | null

/** What can be done with a thing: change it, take it out of use, see what happened to it. `line`: as words within a list. */
export function ItemActs({ type, item, name, line }: { type: ItemType; item: Item; name: string; line?: boolean }) {
  const t = useText(inventoryText)
  const may = useMay()
  const refresh = useAct()
  const [asked, setAsked] = useState<Asked>(null)
  const form = itemForms[type]
  const mayChange = may(form.may.update) && item.retiredAt === null
  const choose = (next: Asked) => () => setAsked(next)
  return (
    <>
      {line ? (
        <Menu buttonClass="link" button={t('act')} label={`${t('act')} ${name}`}>
          {mayChange && (
            <button type="button" onClick={choose('edit')}>
              {t('edit')}
            </button>
          )}
          <button type="button" onClick={choose('history')}>
            {t('history')}
          </button>
          {mayChange && (
            <button type="button" onClick={choose('retire')}>
              {t('retire')}
            </button>
          )}
        </Menu>
      ) : (
        mayChange && (
          <>
            <Button onClick={choose('edit')}>{t('edit')}</Button>
            <Button onClick={choose('retire')}>{t('retire')}</Button>
          </>
        )
      )}
      {asked === 'edit' && <ItemDialog type={type} item={item} onClose={choose(null)} />}
      {asked === 'history' && (
        <Dialog wide title={name} onClose={choose(null)}>
          <History type={type} id={item.id} />
        </Dialog>
      )}
      {asked === 'retire' && (
        <DecisionDialog
          danger
          title={t('retireTitle', { name })}
          verb={t('retire')}
          reason={{ label: t('reason') }}
          act={async (reason) => {
            await call(form.retire, { id: item.id, rev: item.rev, reason } as never)
            await refresh.run(async () => {})
          }}
          onClose={choose(null)}
        >
          <p>{t('retireNote')}</p>
        </DecisionDialog>
      )}
    </>
  )
}
