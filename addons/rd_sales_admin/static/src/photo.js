// A page stays readable at this size, and a phone sends it in a second.
const LONGEST_SIDE = 2000;

/** Return name and content of a file; a photo is made no larger than needed. */
export async function preparePhoto(file) {
    const small = file.type.startsWith("image/") ? await shrink(file) : null;
    return { name: file.name, data: await encode(small || file) };
}

async function shrink(file) {
    let image;
    try {
        image = await createImageBitmap(file);
    } catch {
        // Not an image this browser can show: the server has the last word on it.
        return null;
    }
    const ratio = LONGEST_SIDE / Math.max(image.width, image.height);
    if (ratio >= 1) {
        return null;
    }
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.width * ratio);
    canvas.height = Math.round(image.height * ratio);
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
}

function encode(blob) {
    return new Promise((resolve, reject) => {
        const reader = new FileReader();
        reader.onload = () => resolve(reader.result.split(",")[1] || "");
        reader.onerror = () => reject(reader.error);
        reader.readAsDataURL(blob);
    });
}
