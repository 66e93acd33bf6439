"""What goes on all day beside the apps: waiting for rest, chores, troubles."""
