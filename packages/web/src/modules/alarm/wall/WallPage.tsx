import './wall.css'
import { useState } from 'react'
import { useText } from '../../../shared/text.ts'
import { Button, TextField } from '../../../shared/ui/index.ts'
import { alarmText } from '../alarmText.ts'
import { Board } from './Board.tsx'
import { keepToken, keptToken, useBoard } from './useBoard.ts'

/** The duty room's screen: read from five metres, no scrolling, no rotation; it signs in with a token of its own and can change nothing. */
export function WallPage() {
  const [token, setToken] = useState(keptToken)
  const enter = (given: string): void => {
    keepToken(given)
    setToken(given)
  }
  return token === '' ? <Door enter={enter} refused={false} /> : <Wall token={token} enter={enter} />
}

function Wall({ token, enter }: { token: string; enter: (token: string) => void }) {
  const seen = useBoard(token)
  if (seen.refused) return <Door enter={enter} refused />
  return seen.board ? <Board board={seen.board} at={seen.at} leave={() => enter('')} /> : <div className="wall" />
}

function Door({ enter, refused }: { enter: (token: string) => void; refused: boolean }) {
  const t = useText(alarmText)
  const [token, setToken] = useState('')
  return (
    <div className="wall wall-door">
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault()
          if (token.trim()) enter(token.trim())
        }}
      >
        <h1>{t('screens')}</h1>
        {refused && <p role="alert">{t('wallRefused')}</p>}
        <TextField label={t('wallToken')} value={token} onChange={setToken} />
        <Button kind="primary" type="submit" disabled={token.trim() === ''}>
          {t('wallEnter')}
        </Button>
      </form>
    </div>
  )
}
