from django.db import migrations, models


def look_again(apps, schema_editor):
    """What was counted before says nothing of right and wrong; the next fit looks at those answers anew."""
    apps.get_model("ratings", "AnswerStyle").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("ratings", "0011_figures_of_views"),
    ]

    operations = [
        migrations.RunPython(look_again, migrations.RunPython.noop),
        migrations.AddField(
            model_name="answerstyle",
            name="right",
            field=models.SmallIntegerField(
                default=-1, help_text="1 right, 0 wrong; -1: the prompt has no key, or the answer leaves it open."
            ),
        ),
    ]
