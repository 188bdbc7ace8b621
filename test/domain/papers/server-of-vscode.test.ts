import { expect, test } from 'vitest';
import { letterTexts } from '../../../src/activities/messages/letter-texts.ts';
import { timelineOf } from '../../../src/domain/plan/timeline-of-plan.ts';
import { invitation } from '../../../src/domain/papers/letters.ts';
import { notTried } from '../../../src/domain/papers/letters-to-the-room.ts';
import { examplePlan } from '../plan/example-plan.ts';

const texts = letterTexts();
const plan = examplePlan();
const timeline = timelineOf(plan);
const inOneLine = (text: string) => text.replaceAll(/\s+/g, ' ');

test('where clusters cannot download it, the letters have laptops fetch it; else nothing is set', () => {
  for (const language of ['en', 'de'] as const) {
    const about = { plan: { ...plan, messages: { language, attendees: [], facilitators: [], admin: [] } }, timeline };
    const fetching = { ...about, plan: { ...about.plan, laptopsFetchServer: true } };
    for (const write of [invitation, notTried]) {
      const text = inOneLine(write(texts, fetching).text);
      expect(text).toContain('remote.SSH.localServerDownload always');
      expect(text).toMatch(/sh check\.sh .* --fetch-server --fix/);
      expect(text).toMatch(/WORKSHOP_FETCH_SERVER='1';.*check\.ps1/);
      const without = inOneLine(write(texts, about).text);
      expect(without).not.toMatch(/localServerDownload|fetch-server|FETCH_SERVER/);
      expect(without).toMatch(language === 'en' ? /writes two settings/ : /zwei Einstellungen/);
    }
  }
});
