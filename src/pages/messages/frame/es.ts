import type { FrameMessages } from './en.js';

export const frameEs: FrameMessages = {
  'frame.language': 'Idioma',
  'frame.copy': 'Copiar',
  'frame.copied': 'Copiado',
  'frame.selected': 'Seleccionado: cópielo ahora',
  'frame.show': 'Mostrar',
  'frame.hide': 'Ocultar',
  'frame.tooLarge': 'Es mucho más de lo que cabe en un mensaje. No se ha enviado nada.',
  'frame.skip': 'Ir al contenido',
  'frame.tryAgain':
    '{seconds, plural, one {Inténtelo de nuevo dentro de un segundo.} other {Inténtelo de nuevo dentro de # segundos.}}',
  'frame.tryAgainLong':
    '{seconds, plural, other {Inténtelo de nuevo dentro de # segundos}}, es decir, {minutes, plural, one {un minuto} other {# minutos}}.',
  'frame.support': '¿Preguntas? Escriba a {email}.',
};
