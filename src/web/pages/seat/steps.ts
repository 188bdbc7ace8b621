import { html } from 'hono/html';
import { powershellCheckLine, shellCheckLine, sshAlias, sshSetupLine } from '../../../domain/papers/letters.ts';
import type { Plan } from '../../../domain/plan/plan.ts';
import type { Seat } from '../../../domain/replayed/seat/seat.ts';
import { region, type Html } from '../document.ts';

/** What somebody sits at, as their browser says. */
export type Laptop = 'windows' | 'mac' | 'linux';

/** @param agent the header User-Agent; what says nothing is taken for a Mac, whose lines work on Linux, too */
export function laptopOf(agent: string): Laptop {
  if (/windows/i.test(agent)) return 'windows';
  return /linux|x11/i.test(agent) && !/android/i.test(agent) ? 'linux' : 'mac';
}

const NAMES: Readonly<Record<Laptop, string>> = { windows: 'Windows', mac: 'macOS', linux: 'Linux' };

interface Around {
  readonly plan: Plan & { readonly laptopsFetchServer?: boolean | undefined };
  readonly laptop: Laptop;
  readonly path: string;
}

/** A line to type, and a button that copies it. */
const line = (id: string, text: string): Html =>
  html`<div class="line">
    <code id="${id}" tabindex="0">${wordsOf(text)}</code>
    <button type="button" class="copy" data-copy="${id}" hidden>Copy</button>
  </div>`;

/** No line is to break within an option, where a dash would end it. */
const wordsOf = (text: string): Html[] =>
  text.split(' ').map((word, n) => html`${n === 0 ? '' : ' '}<span class="word">${word}</span>`);

/** From a laptop to Claude Code, in three steps. */
export const stepsRegion = ({ cluster }: Seat, { plan, laptop, path }: Around) => {
  const others = (Object.keys(NAMES) as Laptop[]).filter((one) => one !== laptop);
  return region(
    'steps',
    html`<section id="steps" class="own-steps">
      <h2>Three steps</h2>
      <ol>
        <li>
          <h3>Check your laptop</h3>
          ${checkOn(laptop, { plan, path })}
          <details id="other-laptops">
            <summary>${others.map((one) => NAMES[one]).join(' or ')}</summary>
            ${others.map(
              (one) =>
                html`<h4>${NAMES[one]}</h4>
                  ${checkOn(one, { plan, path })}`,
            )}
          </details>
        </li>
        <li>
          <h3>Make your cluster known to it</h3>
          ${
            cluster && cluster.state !== 'GONE'
              ? html`${line('setup-line', sshSetupLine(plan, cluster.id))}
                  <p class="small">
                    Once. If you are given another cluster, this line is another one, too: type it again.
                  </p>`
              : html`<p>The line comes here as soon as you have a cluster.</p>`
          }
        </li>
        <li>
          <h3>Connect, and begin</h3>
          ${line('ssh-line', `ssh ${sshAlias(plan)}`)}
          <p>There, type <code>check-claude</code>, then <code>claude</code>. Stuck? Type <code>help-me</code>.</p>
          <p class="small">In VS Code: Remote-SSH, Connect to Host, <code>${sshAlias(plan)}</code>.</p>
        </li>
      </ol>
    </section>`,
  );
};

function checkOn(laptop: Laptop, { plan, path }: Pick<Around, 'plan' | 'path'>): Html {
  const file = laptop === 'windows' ? 'check.ps1' : 'check.sh';
  return html`<p>
      Save <a href="${path}/${file}" download>${file}</a>, and in ${laptop === 'windows' ? 'PowerShell' : 'a terminal'},
      in the folder where it is, type:
    </p>
    ${line(`check-${laptop}`, laptop === 'windows' ? powershellCheckLine(plan) : shellCheckLine(plan))}`;
}
