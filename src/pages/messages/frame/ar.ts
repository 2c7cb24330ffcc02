import type { FrameMessages } from './en.js';

export const frameAr: FrameMessages = {
  'frame.language': 'اللغة',
  'frame.copy': 'نسخ',
  'frame.copied': 'تم النسخ',
  'frame.selected': 'تم التحديد: انسخه الآن',
  'frame.show': 'إظهار',
  'frame.hide': 'إخفاء',
  'frame.tooLarge': 'هذا أكثر بكثير مما تتسع له رسالة واحدة. لم يُرسل شيء.',
  'frame.skip': 'إلى المحتوى',
  'frame.tryAgain':
    '{seconds, plural, one {حاول مرة أخرى بعد ثانية.} two {حاول مرة أخرى بعد ثانيتين.} few {حاول مرة أخرى بعد # ثوانٍ.} many {حاول مرة أخرى بعد # ثانية.} other {حاول مرة أخرى بعد # ثانية.}}',
  'frame.tryAgainLong':
    '{seconds, plural, few {حاول مرة أخرى بعد # ثوانٍ} other {حاول مرة أخرى بعد # ثانية}}، أي {minutes, plural, one {دقيقة واحدة} two {دقيقتين} few {# دقائق} many {# دقيقة} other {# دقيقة}}.',
  'frame.support': 'هل لديك سؤال؟ اكتب إلى {email}.',
};
