import { html } from 'hono/html';
import { clockText, dayText } from '../../../domain/messages/moments.ts';
import type { Seat } from '../../../domain/replayed/seat/seat.ts';
import type { Region } from '../../live/regions.ts';
import type { WorkshopWatch } from '../../watch/workshop-watch.ts';
import type { RoomView } from '../../watch/room-view.ts';
import { agendaRegion } from '../agenda.ts';
import { bannerRegion } from '../banner.ts';
import { appsList } from '../own-apps.ts';
import { drawn, region, type Html } from '../document.ts';
import { nameOf } from '../seat-look.ts';
import { clusterRegion } from './cluster.ts';
import { handRegion, helpForm, laptopForm, laptopRegion } from './help.ts';
import { stepsRegion, type Laptop } from './steps.ts';

/** The parts of somebody's own page that change by themselves. */
export async function seatRegions(
  watch: WorkshopWatch,
  key: string,
  { path, laptop }: { readonly path: string; readonly laptop: Laptop },
): Promise<Region[]> {
  const { view } = watch;
  const seat = view?.seats.find((one) => one.key === key);
  if (view === undefined || seat === undefined) return [];
  return Promise.all([
    bannerRegion(view),
    clusterRegion(seat, { path, bootMs: view.totals.slowestBootMs, isOver: view.isOver }),
    ...(view.isOver
      ? []
      : [
          handRegion(view, seat, path),
          laptopRegion(view, seat),
          stepsRegion(seat, { plan: view.plan, laptop, path }),
          agendaRegion(view),
        ]),
    filesRegion(view, seat),
  ]);
}

/** Where their work is, and until when what lies elsewhere is there. */
const filesRegion = ({ plan, timeline, at, workspace, isOver }: RoomView, { person, email }: Seat) => {
  const until = `${dayText(timeline.teardown, plan.timeZone)} at ${clockText(timeline.teardown, plan.timeZone)}`;
  const { feedback } = plan;
  // As the agenda's last block begins.
  const isAskedHowItWas = at >= timeline.end - plan.agenda.wrapUp;
  const apps = appsList(workspace, email);
  return region(
    'files',
    html`<section id="files">
      <h2>Your work</h2>
      <p>
        <code>~/workshop</code> on the cluster is
        <code>/Workspace/Users/${person?.userName ?? email}/claude-workshop</code> in the workspace. It stays.
      </p>
      ${
        isOver
          ? html`<p>Everything else went with the cluster.</p>`
          : html`<p>
              Everything else on the cluster goes with it, at the latest on ${until}. <code>save-work</code> copies it
              over.
            </p>`
      }
      ${apps === '' && !isOver ? NO_APP : apps}
      ${isAskedHowItWas ? howWasIt(feedback, plan.contacts.leadFacilitator.contact) : ''}
    </section>`,
  );
};

const NO_APP = html`<p>Your app: <code>deploy-app</code> makes or updates it, and prints its address.</p>`;

/** A form, a mail address, or whoever runs it. */
const howWasIt = (place: string | undefined, facilitator: string): Html =>
  html`<p>
    How was it?
    ${
      place?.startsWith('https://')
        ? html`<a href="${place}" rel="noreferrer noopener">Tell us</a>`
        : html`Write to <a href="mailto:${place ?? facilitator}">${place ?? facilitator}</a>.`
    }
  </p>`;

/** An attendee's own page. */
export function seatPage(
  regions: readonly Region[],
  { view, seat, path }: { view: RoomView; seat: Seat; path: string },
): Html {
  const part = (id: string) => drawn(regions, id);
  const { leadFacilitator, networkSupport } = view.plan.contacts;
  return html`<header class="top">
      <h1>${view.plan.title}</h1>
      <p class="small">${nameOf(seat)}${seat.details?.table ? `, table ${seat.details.table}` : ''}</p>
    </header>
    ${part('banner')} ${part('cluster')}
    <div class="own">
      <div>
        <section class="own-help">
          <h2>Help</h2>
          ${view.isOver ? '' : html`${part('hand')} ${helpForm(path)}`}
          <p class="small">
            Or ask ${leadFacilitator.name}, ${leadFacilitator.contact}; for the network ${networkSupport.name},
            ${networkSupport.contact}.
          </p>
        </section>
        ${part('agenda')}
      </div>
      <div>
        ${
          view.isOver
            ? ''
            : html`${part('steps')}
                <section class="own-laptop">
                  <h2>Your laptop's check</h2>
                  ${part('laptop')} ${laptopForm(path)}
                </section>`
        }
        ${part('files')}
      </div>
    </div>`;
}
