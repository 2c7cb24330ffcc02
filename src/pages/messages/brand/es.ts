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

  'images.title': 'Logotipo e icono',
  'images.lead': 'En cada página de {name}, en sus correos y en la pestaña del navegador.',
  'images.logo': 'Logotipo',
  'images.logo-dark': 'Logotipo en páginas oscuras',
  'images.icon': 'Icono',
  'images.logo.hint':
    'En el lugar del nombre, encima de cada página: allí mide 40 píxeles de alto.',
  'images.logo-dark.hint':
    'Donde el dispositivo está en modo oscuro. Sin él, también allí está el logotipo.',
  'images.icon.hint':
    'En la pestaña del navegador y en la pantalla de inicio de un teléfono. Lo mejor es un cuadrado de 180 píxeles o más.',
  'images.limits': 'PNG, JPEG o WebP, como máximo {bytes, number} bytes.',
  'images.now': '{kind}, como está ahora',
  'images.choose': 'Elegir un archivo',
  'images.replace': 'Elegir otro archivo',
  'images.upload': '{kind}: subir',
  'images.remove': '{kind}: quitar',
  'images.refused': 'No se ha aceptado la imagen. Lo que había antes sigue ahí.',
  'images.refused.IMAGE_MISSING': 'No se ha elegido ningún archivo.',
  'images.refused.IMAGE_TOO_LARGE':
    'El archivo tiene más de {bytes, number} bytes. Guarde la imagen más pequeña.',
  'images.refused.IMAGE_FORMAT':
    'Esto no es una imagen PNG, JPEG o WebP. No se aceptan archivos SVG, porque pueden contener programas: exporte el suyo como PNG.',
  'images.refused.IMAGE_ANIMATED': 'La imagen está animada. Tome una fija.',
  'images.refused.IMAGE_PIXELS':
    'La imagen tiene más de {millions, number} millones de píxeles. Guárdela más pequeña.',
  'images.refused.IMAGE_SLOW': 'La imagen tarda demasiado en leerse. Tome una más sencilla.',
  'images.refused.IMAGE_DAMAGED':
    'El archivo está dañado o incompleto. Guarde otra vez la imagen y elija ese archivo.',
  'images.refused.busy': 'Ahora mismo se están leyendo demasiadas imágenes.',
  'images.tooLarge':
    'El archivo es mucho más grande de lo que puede ser aquí una imagen, y no se ha cambiado nada. Elija uno de {bytes, number} bytes como máximo.',
};
