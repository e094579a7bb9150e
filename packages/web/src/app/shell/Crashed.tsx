import type { ErrorComponentProps } from '@tanstack/react-router'
import { useText } from '../../shared/text.ts'
import { Button, ButtonLink } from '../../shared/ui/Button.tsx'
import { EmptyState } from '../../shared/ui/EmptyState.tsx'
import { appText } from '../appText.ts'

/** After a release an old page asks for files that are gone; that is a new version, not a fault. */
const isOldPage = (error: Error): boolean =>
  /dynamically imported module|Importing a module script failed|error loading/i.test(error.message)

export function Crashed({ error }: ErrorComponentProps) {
  const t = useText(appText)
  const old = isOldPage(error)
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
            <span className="mono">{error.message}</span>
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
