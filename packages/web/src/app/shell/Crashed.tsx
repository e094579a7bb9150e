import type { ErrorComponentProps } from '@tanstack/react-router'
import { useText } from '../../shared/text.ts'
import { Button, ButtonLink } from '../../shared/ui/Button.tsx'
import { EmptyState } from '../../shared/ui/EmptyState.tsx'
import { appText } from '../appText.ts'

/** After a release an old page asks for files that are gone; that is a new version, not a fault. */
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
const isOldPage = (message: string): boolean => /dynamically imported module|Importing a module script failed|error loading/i.test(message)

export function Crashed({ error }: ErrorComponentProps) {
  const t = useText(appText)
  const old = isOldPage(messageOf(error))
  return (
    <div className="page">
      <EmptyState
        title={old ? t('newVersion') : t('crashed')}
        act={
          <Button kind="primary" onClick={() => location.reload()}>
            {t('reload')}
          </Button>
        }
      >
        {old ? t('newVersionHelp') : t('crashedHelp')}
        {!old && (
          <>
            <br />
            <span className="mono">{messageOf(error)}</span>
          </>
        )}
      </EmptyState>
    </div>
  )
}

export function NotFound() {
  const t = useText(appText)
  return (
    <EmptyState
      title={t('notFound')}
      act={
        <ButtonLink kind="primary" to="/">
          {t('toHome')}
        </ButtonLink>
      }
    >
      {t('notFoundHelp')}
    </EmptyState>
  )
}
