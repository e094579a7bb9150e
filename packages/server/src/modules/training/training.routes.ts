import { manualApi } from '@changbai/contract/manual.ts'
import { practiceApi } from '@changbai/contract/practice.ts'
import { trainingApi } from '@changbai/contract/training.ts'
import type { Door } from '../../platform/door.ts'
import { type App, mount, mountDownload } from '../../platform/mount.ts'
import * as exam from './exam.service.ts'
import { printManual } from './manual.ts'
import * as practice from './practice.service.ts'
import * as training from './training.service.ts'

export function trainingRoutes(app: App, door: Door): void {
  mount(app, door, trainingApi.list, training.listTrainings)
  mount(app, door, trainingApi.get, training.getTraining)
  mount(app, door, trainingApi.planYear, training.planYear)
  mount(app, door, trainingApi.change, training.changeTraining)
  mount(app, door, trainingApi.invite, training.inviteAll)
  mount(app, door, trainingApi.answer, training.answerInvitation)
  mount(app, door, trainingApi.code, training.readCode)
  mount(app, door, trainingApi.signIn, training.signInAt)
  mount(app, door, trainingApi.material, training.addMaterial)
  mount(app, door, trainingApi.close, training.closeTraining)
  mount(app, door, trainingApi.questions, exam.listQuestionPage)
  mount(app, door, trainingApi.addQuestion, exam.addQuestion)
  mount(app, door, trainingApi.retireQuestion, exam.retireQuestion)
  mount(app, door, trainingApi.startExam, exam.startExam)
  mount(app, door, trainingApi.submitExam, exam.submitExam)
  mountDownload(app, door, trainingApi.certificate, exam.printCertificate)
  mount(app, door, trainingApi.survey, exam.answerSurvey)
  mount(app, door, practiceApi.scenarios, practice.listScenarios)
  mount(app, door, practiceApi.runs, practice.listRuns)
  mount(app, door, practiceApi.current, practice.currentRun)
  mount(app, door, practiceApi.get, practice.getRun)
  mount(app, door, practiceApi.begin, practice.beginRun)
  mount(app, door, practiceApi.hint, practice.askHint)
  mount(app, door, practiceApi.reset, practice.resetRun)
  mount(app, door, practiceApi.end, practice.endRun)
  mount(app, door, practiceApi.join, practice.joinRun)
  mountDownload(app, door, manualApi.print, (ctx, input) => printManual(ctx, input))
}
