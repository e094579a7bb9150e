import { useEffect, useRef, useState } from 'react'
import { useText } from '../../shared/text.ts'
import { Button, Dialog } from '../../shared/ui/index.ts'
import { inspectionText } from './inspectionText.ts'
import { sizeWithin } from './photo.ts'
import { hasTagReader, pointIn, qrReader, readTag } from './scan.ts'

/** Looks four times a second: enough to feel at once, and a phone stays cool. */
const LOOK_MS = 250
/** A code fills a good part of the picture; more pixels only cost time. */
const LOOK_PX = 800

export interface Scanned {
  method: 'QR' | 'NFC'
  code: string
}

/** Reads the code of a point: by the camera while it is held up, from a picture, or from a tag. */
export function ScanDialog({ onScan, onClose }: { onScan: (scanned: Scanned) => void; onClose: () => void }) {
  const t = useText(inspectionText)
  const video = useRef<HTMLVideoElement>(null)
  const picker = useRef<HTMLInputElement>(null)
  const heard = useRef(onScan)
  heard.current = onScan
  const [camera, setCamera] = useState<'WAITS' | 'RUNS' | 'NONE'>('WAITS')
  const [nothing, setNothing] = useState(false)
  const [tag, setTag] = useState(false)

  useEffect(() => {
    let stream: MediaStream | null = null
    let timer: ReturnType<typeof setTimeout>
    let over = false
    const run = async () => {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } })
      const shown = video.current
      if (over || !shown) return
      shown.srcObject = stream
      await shown.play()
      setCamera('RUNS')
      const read = await qrReader()
      const canvas = document.createElement('canvas')
      const look = async () => {
        if (over) return
        if (shown.videoWidth > 0) {
          Object.assign(canvas, sizeWithin(shown.videoWidth, shown.videoHeight, LOOK_PX))
          canvas.getContext('2d', { willReadFrequently: true })?.drawImage(shown, 0, 0, canvas.width, canvas.height)
          const text = await read(canvas).catch(() => null)
          if (text && !over) return heard.current({ method: 'QR', code: pointIn(text) })
        }
        timer = setTimeout(() => void look(), LOOK_MS)
      }
      await look()
    }
    if (navigator.mediaDevices) run().catch(() => !over && setCamera('NONE'))
    else setCamera('NONE')
    return () => {
      over = true
      clearTimeout(timer)
      for (const track of stream?.getTracks() ?? []) track.stop()
    }
  }, [])
  useEffect(() => {
    if (!tag) return
    const end = new AbortController()
    readTag(end.signal, (text) => heard.current({ method: 'NFC', code: pointIn(text) })).catch(() => setTag(false))
    return () => end.abort()
  }, [tag])

  const readFile = async (file: File) => {
    const picture = await createImageBitmap(file)
    const canvas = document.createElement('canvas')
    Object.assign(canvas, sizeWithin(picture.width, picture.height, 1600))
    canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height)
    picture.close()
    const text = await (await qrReader())(canvas)
    if (text) onScan({ method: 'QR', code: pointIn(text) })
    else setNothing(true)
  }
  return (
    <Dialog
      title={t('scan')}
      onClose={onClose}
      foot={
        <>
          {hasTagReader() && (
            <Button busy={tag} onClick={() => setTag(true)}>
              {t('tag')}
            </Button>
          )}
          <Button onClick={() => picker.current?.click()}>{t('fromPicture')}</Button>
        </>
      }
    >
      {camera !== 'NONE' && <video ref={video} className="round-camera" playsInline muted />}
      <p className={camera === 'NONE' ? 'notice' : 'note'}>{t(camera === 'NONE' ? 'noCamera' : 'holdUp')}</p>
      {nothing && <p className="breach">{t('noCode')}</p>}
      {tag && <p className="note">{t('holdTag')}</p>}
      <input
        ref={picker}
        type="file"
        accept="image/*"
        capture="environment"
        hidden
        onChange={(event) => {
          const file = event.target.files?.[0]
          event.target.value = ''
          setNothing(false)
          if (file) void readFile(file).catch(() => setNothing(true))
        }}
      />
    </Dialog>
  )
}
