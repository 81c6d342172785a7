"""The reader of JSON Schemas that PyPI has: it loads every document and judges every sample.

    python readers.py SCHEMAS SAMPLES WORK

SCHEMAS holds the documents and SAMPLES a list of `{"value", "valid"}` for each, under the same name;
what is made goes to WORK. Prints a row, and exits with 1 where a document or a valid sample is refused.
"""

import importlib.util
import json
import sys
from pathlib import Path

from datamodel_code_generator import DataModelType, InputFileType, generate
from pydantic import TypeAdapter, ValidationError

schemas, samples, work = (Path(argument) for argument in sys.argv[1:])


def load(path: Path) -> TypeAdapter:
    made = work / f"{path.stem}.py"
    generate(
        path,
        input_file_type=InputFileType.JsonSchema,
        output=made,
        output_model_type=DataModelType.PydanticV2BaseModel,
        class_name="Root",
        formatters=[],
        disable_timestamp=True,
    )
    spec = importlib.util.spec_from_file_location(path.stem, made)
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return TypeAdapter(module.Root)


def takes(reader: TypeAdapter, value: object) -> bool:
    try:
        reader.validate_json(json.dumps(value), strict=True)
    except ValidationError:
        return False
    return True


failed = False
paths = sorted(schemas.glob("*.json"))
loaded = 0
counts = {True: [0, 0], False: [0, 0]}
for path in paths:
    try:
        reader = load(path)
    except Exception as error:  # what a generator throws is not ours to know
        print(f"pydantic refuses {path.stem}: {error}", file=sys.stderr)
        failed = True
        continue
    loaded += 1
    for sample in json.loads((samples / path.name).read_text()):
        value, valid = sample["value"], sample["valid"]
        counts[valid][1] += 1
        if takes(reader, value) == valid:
            counts[valid][0] += 1
        elif valid:
            print(f"pydantic refuses as {path.stem}: {json.dumps(value)}", file=sys.stderr)
            failed = True
(taken, valid), (refused, invalid) = counts[True], counts[False]
print(
    f"{'datamodel-code-generator, pydantic':<34} {loaded} of {len(paths)} loaded; "
    f"{taken} of {valid} valid samples taken, {refused} of {invalid} others refused"
)
sys.exit(failed)
