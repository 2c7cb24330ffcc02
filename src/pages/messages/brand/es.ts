import type { BrandMessages } from './en.js';

export const brandEs: BrandMessages = {
  'brand.save': 'Guardar',
  'brand.saved': 'Guardado. Vale desde ahora.',
  'brand.refused': 'No se ha guardado nada. Abajo se indica qué necesita otro valor.',

  'policy.title': 'Reglas de los mensajes',
  'policy.lead':
    'Estas reglas valen para cada mensaje cuyo enlace está en {name}, escrito en las páginas o por la API.',
  'policy.who': 'Quién puede crear',
  'policy.whoHint':
    'Cualquiera puede abrir los enlaces de {name}. Usted y su cuenta pueden crearlos. Los visitantes sin cuenta solo pueden donde usted lo permita.',
  'policy.homepage': 'Los visitantes pueden escribir mensajes en las páginas',
  'policy.api': 'Los programas pueden crear mensajes por la API, sin credenciales',
  'policy.lifetimes': 'Cuánto esperan los mensajes',
  'policy.max': 'Como máximo',
  'policy.maxNone': 'Lo que permita su plan ({time})',
  'policy.default': 'Cuando no se elige un tiempo',
  'policy.defaultNone': '7 días, o menos si eso es demasiado',
  'policy.passphrases': 'Frases de acceso',
  'policy.required': 'Cada mensaje necesita una frase de acceso',
  'policy.shortest': 'Frase de acceso más corta',
  'policy.shortestHint': 'En caracteres, de {min} a {max}. Vacío: {min}.',
  'policy.where': 'Dónde se abren los enlaces',
  'policy.region': 'Los enlaces se abren también con {host} en lugar de {name}',
  'policy.regionHint':
    'Si no, solo se abren en {name}. Un cambio vale de inmediato, también para los enlaces anteriores.',
  'policy.refused.order': 'Es más que el tiempo máximo que usted permite.',
  'policy.refused.time': 'Elija uno de estos tiempos.',
  'policy.refused.length': 'Escriba un número entero de {min} a {max}, o nada.',
};
