import { Camera } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useText } from '../../shared/text.ts'
import { clock } from '../../shared/time.ts'
import { Button } from '../../shared/ui/index.ts'
import { inspectionText } from './inspectionText.ts'
import type { KeptPhoto } from './photo.ts'

/** As the contract of an answer says. */
const PHOTOS_MAX = 6

function Thumbnail({ photo }: { photo: KeptPhoto }) {
  const t = useText(inspectionText)
  const [url, setUrl] = useState('')
  useEffect(() => {
    const made = URL.createObjectURL(photo.blob)
    setUrl(made)
    return () => URL.revokeObjectURL(made)
  }, [photo.blob])
  return (
    <figure className="round-photo">
      {url && <img src={url} alt={t('photoAt', { at: clock(photo.takenAt) })} />}
      <figcaption className="note">{photo.fileId ? t('photoSent') : t('photoHere')}</figcaption>
    </figure>
  )
}

/** The camera of the phone, and what was taken so far. */
export function PhotoField({
  label,
  photos,
  sent,
  compact,
  onTake,
}: {
  label: string
  photos: readonly KeptPhoto[]
  /** Photos the server has from another phone. */
  sent: readonly string[]
  /** Where nothing is wrong a photo is offered, not asked for. */
  compact?: boolean
  onTake: (file: File) => void
}) {
  const t = useText(inspectionText)
  const picker = useRef<HTMLInputElement>(null)
  const others = sent.filter((id) => !photos.some(({ fileId }) => fileId === id))
  return (
    <div className="row wrap">
      {others.map((id) => (
        <figure key={id} className="round-photo">
          <img src={`/api/files/${id}/content`} alt={label} loading="lazy" />
        </figure>
      ))}
      {photos.map((photo) => (
        <Thumbnail key={photo.id} photo={photo} />
      ))}
      {photos.length + others.length < PHOTOS_MAX && (
        <Button
          size="small"
          {...(compact && { kind: 'plain' as const })}
          aria-label={`${label} ${t('photo')}`}
          onClick={() => picker.current?.click()}
        >
          <Camera size={16} strokeWidth={1.6} aria-hidden="true" /> {!compact && t('photo')}
        </Button>
      )}
      <input
        ref={picker}
        type="file"
        accept="image/*"
        capture="environment"
        aria-label={`${label} ${t('photo')}`}
        hidden
        onChange={(event) => {
          const file = event.target.files?.[0]
          event.target.value = ''
          if (file) onTake(file)
        }}
      />
    </div>
  )
}
